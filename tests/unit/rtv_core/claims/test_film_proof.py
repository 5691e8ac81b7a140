"""Only a plain yes to all that is asked makes the film of an unboxing show its line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rtv_core.claims.film_proof import film_facts, shown_lines
from rtv_core.model.claim import ClaimLine
from rtv_core.model.proof import Fact, FilmCode, JudgedFilm
from rtv_core.warehouse.claim_sources import ClipOnRecord

AT = datetime(2026, 11, 20, tzinfo=UTC)
FILM = ("C1", "f" * 64)


def _line(rule_code: str = "damaged", sku_code: str | None = "A", **facts: Any) -> ClaimLine:
    return ClaimLine("k", rule_code, sku_code, None, 1, 100, facts)


def _clip(cut_mode: str = "original", sha256: str = FILM[1]) -> ClipOnRecord:
    capture_id = "C1" if cut_mode == "original" else None
    return ClipOnRecord(1, "k", None, capture_id, cut_mode, AT, AT, "key", sha256, 1, 0, {})


def _film(one_take: str = "yes", label: str = "yes", *codes: tuple[int | None, str, str]) -> JudgedFilm:
    answers = {
        "one_take": Fact(one_take, "why"), "label_legible": Fact(label, "why"),
        "sealed_until_opened": Fact("not_decided", "why"),
    }  # type: ignore[arg-type]  # fmt: skip
    seen = codes or ((1, "A", "agreed"), (2, "B", "scanned_never_seen"), (None, "", "seen_never_scanned"))
    held = tuple(FilmCode(no, sku, f"code-{sku}", said, None, None, 0) for no, sku, said in seen)  # type: ignore[arg-type]
    return JudgedFilm(*FILM, "m", "judged", answers, held, AT)


@pytest.mark.parametrize(
    ("line", "film", "against"),
    [
        (_line(), _film(), None),
        (_line(item_no=1), _film(), None),
        (_line(item_no=2), _film(), "claimed item code-B was scanned but never seen"),
        (_line(sku_code="B"), _film(), "claimed item code-B was scanned but never seen"),
        (_line("wrong_sku", "Z", observed_sku_code="A|Y"), _film(), None),
        (_line(sku_code="Z"), _film(), "nobody knows which of its items is claimed"),
        (_line("unit_short", "Z"), _film(), None),
        (_line(), _film("not_decided"), "one unbroken take is not decided: why"),
        (_line(), _film("no", "no"), "one unbroken take is no: why"),
        (_line(), _film("yes", "not_decided"), "label legible before opening is not decided: why"),
        (_line(), None, "not judged yet"),
    ],
)
def test_a_film_shows_its_line_or_says_what_it_lacks(
    line: ClaimLine, film: JudgedFilm | None, against: str | None
) -> None:
    shown, said = shown_lines([line], [_clip()], {FILM: film} if film else {})
    assert (shown, said) == (
        (frozenset({"k"}), ()) if against is None else (frozenset(), (f"film of C1: {against}",))
    )


def test_beside_a_camera_only_a_film_found_broken_takes_its_line_back() -> None:
    clips = [_clip("snap"), _clip()]
    assert shown_lines([_line()], clips, {FILM: _film("not_decided")}) == (frozenset({"k"}), ())
    assert shown_lines([_line()], clips[:1], {}) == (frozenset({"k"}), ())
    assert shown_lines([_line()], clips, {FILM: _film("no")})[0] == frozenset()


def test_the_judgement_of_other_bytes_says_nothing_about_a_film() -> None:
    clips = [_clip(sha256="0" * 64)]
    assert shown_lines([_line()], clips, {FILM: _film()}) == (frozenset(), ("film of C1: not judged yet",))
    (told,) = film_facts(clips, {FILM: _film()})
    assert (told["film_status"], told["one_take"]["answer"]) == ("waiting", "not_decided")
    assert film_facts([_clip("snap")], {}) == []
