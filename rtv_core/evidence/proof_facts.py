"""What the film of an unboxing proves for its claims, answered from the picture alone: pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rtv_core.evidence.barcodes import AGREEING_FRAMES
from rtv_core.evidence.one_take import breaks_of, one_take
from rtv_core.evidence.watching import Watched
from rtv_core.model.clip import CodeSeen
from rtv_core.model.proof import Break, Fact, FilmCode, ProofFacts, ScannedItem, Sighting

METHOD = "rtv-take/2"
_GTIN_ELEMENT = re.compile(r"\(?01\)?(\d{14})")


def proof_facts(
    film: Watched,
    *,
    label: str | None = None,
    scanned: Collection[str] = (),
    declared_seconds: float | None = None,
) -> ProofFacts:
    """Judge a film that was watched.

    `label` is the AWB or RTV number on the parcel, `scanned` what the operator's scanner read,
    `declared_seconds` how long the bay's clock says that the capture took.
    """
    wanted = {code_identity(text) for text in [*scanned, *([label] if label else [])]}
    codes = tuple(_counted(film, wanted))
    seen = {code_identity(code.text): code for code in reversed(codes)}
    label_identity = code_identity(label) if label else None
    items = {text: seen.get(code_identity(text)) for text in dict.fromkeys(scanned)}
    first_item = min((code.first_seconds for code in items.values() if code), default=None)
    breaks = breaks_of(film, declared_seconds)
    legible = _label_legible(film, seen.get(label_identity) if label_identity else None, label, first_item)
    return ProofFacts(
        method=METHOD,
        seconds=round(film.length_seconds, 3),
        frames=len(film.seconds),
        label_legible=legible,
        one_take=one_take(film, breaks),
        sealed_until_opened=_sealed_until_opened(legible, first_item, breaks),
        items_seen={text: _item_seen(film, code) for text, code in items.items()},
        breaks=breaks,
        codes=codes,
        scanned_never_seen=tuple(text for text, code in items.items() if code is None),
        seen_never_scanned=tuple(code.text for code in codes if code_identity(code.text) not in wanted),
    )


def film_codes(facts: ProofFacts, items: Sequence[ScannedItem]) -> tuple[FilmCode, ...]:
    """Each item of a capture held against its film, then the codes seen in it that nobody scanned."""
    seen = {code_identity(code.text): code for code in reversed(facts.codes)}
    held = []
    for item in items:
        code = seen.get(code_identity(item.scanned_code))
        sighting: Sighting = "agreed" if code else "scanned_never_seen"
        held.append(_film_code(item.scanned_code, sighting, code, item))
    never = [code for code in facts.codes if code.text in facts.seen_never_scanned]
    return (*held, *(_film_code(code.text, "seen_never_scanned", code) for code in never))


def _film_code(
    text: str, sighting: Sighting, seen: CodeSeen | None, item: ScannedItem | None = None
) -> FilmCode:
    times = (seen.first_seconds, seen.last_seconds, seen.frames) if seen else (None, None, 0)
    return FilmCode(item.item_no if item else None, item.sku_code if item else None, text, sighting, *times)


def code_identity(text: str) -> str:
    """The article or parcel that a code names, however it is written: a GTIN without its leading zeros, else
    the text without case, blanks and hyphens (GS1 General Specifications, application identifier 01).
    """
    bare = text.strip().lstrip("\x1d")
    element = _GTIN_ELEMENT.match(bare)
    if element:
        return element[1].lstrip("0")
    if bare.isdigit():
        return bare.lstrip("0")
    return re.sub(r"[\s-]", "", bare).upper()


def _counted(film: Watched, wanted: Collection[str]) -> Iterator[CodeSeen]:
    """The codes on which two frames agree, and the wanted ones also when seen once, by first time."""
    frames: dict[tuple[str, str], list[float]] = {}
    for sighting in film.sightings:
        at = round(float(film.seconds[sighting.frame]), 3)
        frames.setdefault((sighting.text, sighting.format), []).append(at)
    for (text, kind), times in sorted(frames.items(), key=lambda entry: (entry[1][0], entry[0])):
        is_wanted = code_identity(text) in wanted
        if is_wanted or len(set(times)) >= AGREEING_FRAMES:
            yield CodeSeen(text, kind, times[0], times[-1], len(set(times)), is_wanted)


def _label_legible(film: Watched, seen: CodeSeen | None, label: str | None, first_item: float | None) -> Fact:
    if label is None:
        return Fact("not_decided", "nobody said which label to look for")
    if seen is None:
        return Fact("no", f"{label} is read in none of {len(film.looked_at)} frames that were looked at")
    if first_item is not None and first_item < seen.first_seconds:
        reason = f"an item's code is read at {first_item:.1f} s, the label only at {seen.first_seconds:.1f} s"
        return Fact("no", reason, seen.first_seconds)
    return Fact("yes", f"{label} is read from {seen.first_seconds:.1f} s on", seen.first_seconds)


def _sealed_until_opened(legible: Fact, first_item: float | None, breaks: tuple[Break, ...]) -> Fact:
    """A tape is not told from a seal in a picture; what speaks against it is."""
    if legible.answer != "yes" or legible.at_seconds is None:
        return Fact(
            "not_decided", "the closed parcel is not recognised: its label is not read before its items"
        )
    until = first_item if first_item is not None else float("inf")
    before = [one for one in breaks if one.is_certain and one.at_seconds <= until]
    if before:
        return Fact(
            "no", f"the film is broken before the first item: {before[0].reason}", before[0].at_seconds
        )
    if first_item is None:
        return Fact("not_decided", "no item's code is read, so nobody knows when the parcel was open")
    between = f"from the label at {legible.at_seconds:.1f} s to the first item at {first_item:.1f} s"
    return Fact("not_decided", f"unbroken {between}; whether a seal was whole is for the eye", first_item)


def _item_seen(film: Watched, code: CodeSeen | None) -> Fact:
    if code is None:
        return Fact("no", f"its code is read in none of {len(film.looked_at)} frames that were looked at")
    return Fact(
        "yes",
        f"its code is read in {code.frames} frames from {code.first_seconds:.1f} s on",
        code.first_seconds,
    )
