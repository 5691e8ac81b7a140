"""The papers of a claim: the same bytes on repeat, right glyphs, nothing live in a cell."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl

from rtv_core.claims.facts_sheet import facts_sheet
from rtv_core.claims.letter import REASONS, claim_letter
from rtv_core.claims.readiness import FILM_RULES

MADE_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def _facts(**changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "claim_no": "amz-amz-R1-unit_short-1", "tenant_code": "default",
        "party": {
            "party_code": "amz", "party_name": "अमेज़न #strong[x] *Services* $1$", "gstin": "29ABCDE1234F1Z5",
        },
        "platform_code": "amz", "rtv_no": "00123", "transporter_code": None, "awb_no": None,
        "claim_reason": "unit_short", "claimed_minor": 12_345_600, "claimed": "₹1,23,456.00",
        "currency_code": "INR", "is_terms_unverified": True, "due_at": "2026-11-30T18:29:59+00:00",
        "approved_at": MADE_AT.isoformat(), "approved_by": "asha",
        "lines": [{
            "discrepancy_key": "k1", "rule_code": "unit_short", "sku_code": "00042", "batch_no": "=1+1",
            "claimed_qty": 3, "claimed_minor": 12_345_600,
            "facts": {"expected_qty": 10, "observed_qty": 7, "liability_reason": "@SUM(A1) short"},
        }],
        "clips": [{
            "file": "data/clips/001-CAM.mp4", "window_start_at": "2026-11-18T10:00:00+00:00",
            "window_end_at": "2026-11-18T10:02:00+00:00", "sha256": "ab" * 32, "camera_code": "CAM",
        }],
        "documents": [{
            "document_type": "pod", "document_no": "P-1", "document_on": "2026-11-17", "uri": "x",
            "sha256": "0",
        }],
        "films": [{
            "capture_id": "C1", "sha256": "cd" * 32, "one_take": {"answer": "no", "reason": "a join"},
            "codes": [
                {"code_text": "890", "sighting": "scanned_never_seen"},
                {"code_text": "891", "sighting": "agreed"},
            ],
        }],
    }  # fmt: skip
    return facts | changes


def test_the_letter_is_pdf_a_with_its_fonts_and_the_same_on_repeat() -> None:
    letter = claim_letter(_facts(), MADE_AT)
    assert letter == claim_letter(_facts(), MADE_AT)
    assert letter.startswith(b"%PDF-1.7")
    assert b"pdfaid:part" in letter
    assert b"NotoSansDevanagari" in letter
    assert letter != claim_letter(_facts(claimed="₹1,23,456.01"), MADE_AT)


def test_markup_in_a_name_is_text() -> None:
    hostile = {"party_code": "amz", "party_name": '#read("/etc/passwd") #import "x"', "gstin": None}
    assert claim_letter(_facts(party=hostile), MADE_AT).startswith(b"%PDF")


def test_every_reason_shown_by_film_has_its_words() -> None:
    assert FILM_RULES - {"seal_broken"} <= set(REASONS)
    claim_letter(_facts(claim_reason="a_rule_of_tomorrow"), MADE_AT)


def test_the_sheet_keeps_identifiers_as_text_and_runs_no_formula() -> None:
    content = facts_sheet(_facts(), MADE_AT)
    assert content == facts_sheet(_facts(), MADE_AT)
    book = openpyxl.load_workbook(io.BytesIO(content))
    header, row = list(book["Lines"].iter_rows())
    cells = {title.value: cell for title, cell in zip(header, row, strict=True)}
    assert (cells["SKU"].value, cells["SKU"].data_type) == ("00042", "s")
    assert (cells["Batch"].value, cells["Batch"].data_type) == ("=1+1", "s")
    assert cells["Claimed value"].value == 123_456
    assert cells["Expected units"].value == 10
    films = [[cell.value for cell in row[:3]] for row in book["Films"].iter_rows(min_row=2)]
    assert films == [["C1", "one_take", "no"], ["C1", "890", "scanned_never_seen"]]
    claim = {name.value: value.value for name, value in book["Claim"].iter_rows()}
    assert claim["rtv_no"] == "00123"
