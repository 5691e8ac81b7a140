"""What the unboxing films of a claim prove for its lines: pure. Only a plain yes is proof."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rtv_core.model.claim import ClaimLine
from rtv_core.model.proof import FilmCode, JudgedFilm
from rtv_core.warehouse.claim_sources import ClipOnRecord

ITEM_RULES = frozenset(
    {
        "wrong_sku", "kit_incomplete", "damaged", "expired", "near_expiry", "used_or_tampered",
        "batch_mismatch", "mrp_mismatch",
    }
)  # fmt: skip
"""Claim reasons about goods that were found: the film must show them."""
_QUESTIONS = {"label_legible": "label legible before opening", "one_take": "one unbroken take"}

Judged = Mapping[tuple[str, str], JudgedFilm]


def filmed_captures(clips: Sequence[ClipOnRecord]) -> list[tuple[str, str]]:
    """Capture and SHA-256 of each unboxing film among the clips, once."""
    return sorted(
        {(clip.capture_id, clip.sha256) for clip in clips if _is_unboxing(clip) and clip.capture_id}
    )


def _is_unboxing(clip: ClipOnRecord) -> bool:
    return clip.cut_mode == "original" and clip.capture_id is not None


def shown_lines(
    lines: Sequence[ClaimLine], clips: Sequence[ClipOnRecord], judged: Judged
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Keys of the lines that a film shows, and what is said against the films of the others.

    A clip of a camera shows its line. The film of an unboxing does when all that is asked of it is answered
    yes. One that was found broken takes its line back, whatever else shows it: no bundle holds a film that
    its own hub holds to be joined.
    """
    by_key = {line.discrepancy_key: line for line in lines}
    shown: set[str] = set()
    taken_back: set[str] = set()
    against: set[tuple[str, str]] = set()
    for clip in clips:
        line = by_key[clip.discrepancy_key]
        if not _is_unboxing(clip):
            shown.add(line.discrepancy_key)
            continue
        film = judged.get((clip.capture_id or "", clip.sha256))
        lacks = list(_lacks(line, film))
        if not lacks:
            shown.add(line.discrepancy_key)
            continue
        against.add((f"film of {clip.capture_id}: {lacks[0]}", line.discrepancy_key))
        if film and film.answers["one_take"].answer == "no":
            taken_back.add(line.discrepancy_key)
    shown -= taken_back
    return frozenset(shown), tuple(sorted({text for text, key in against if key not in shown}))


def _lacks(line: ClaimLine, film: JudgedFilm | None) -> Iterator[str]:
    """Each answer asked of a film that is no plain yes, with its reason."""
    if film is None:
        yield "not judged yet"
        return
    for name, question in reversed(_QUESTIONS.items()):
        fact = film.answers[name]
        if fact.answer != "yes":
            yield f"{question} is {fact.answer.replace('_', ' ')}: {fact.reason}"
    if line.rule_code not in ITEM_RULES:
        return
    claimed = _claimed(line, film.codes)
    if not claimed:
        yield "nobody knows which of its items is claimed"
    for code in claimed:
        if code.sighting != "agreed":
            yield f"claimed item {code.code_text} was scanned but never seen"


def _claimed(line: ClaimLine, codes: Collection[FilmCode]) -> list[FilmCode]:
    """The scanned items that a line is about: the one it names, else those of its SKU or the one found."""
    scanned = [code for code in codes if code.item_no is not None]
    item_no = line.facts.get("item_no")
    if item_no is not None:
        return [code for code in scanned if code.item_no == item_no]
    found = {line.sku_code, *str(line.facts.get("observed_sku_code") or "").split("|")} - {None, ""}
    return [code for code in scanned if code.sku_code in found]


def film_facts(clips: Sequence[ClipOnRecord], judged: Judged) -> list[dict[str, Any]]:
    """What a bundle says of each unboxing film it holds; one that was not judged says so."""
    return [_told(*film, judged.get(film)) for film in filmed_captures(clips)]


def _told(capture_id: str, sha256: str, film: JudgedFilm | None) -> dict[str, Any]:
    if film is None:
        unknown = {"answer": "not_decided", "reason": "not judged when the claim was approved"}
        answers = dict.fromkeys((*_QUESTIONS, "sealed_until_opened"), unknown)
        return {"capture_id": capture_id, "sha256": sha256, "film_status": "waiting", **answers, "codes": []}
    return {
        "capture_id": capture_id,
        "sha256": sha256,
        "film_status": film.film_status,
        "judge_method": film.judge_method,
        "judged_at": film.judged_at.isoformat(),
        **{name: {"answer": fact.answer, "reason": fact.reason} for name, fact in film.answers.items()},
        "codes": [asdict(code) for code in film.codes],
    }
