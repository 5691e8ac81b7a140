"""Credit notes are decided from allocated units, and count only when they read back the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rtv_core.model.credit_note import AllocatedUnits
from rtv_core.outbound.erp.credit_note import NoteLine, PostedNote, credit_notes, differences

UNITS = AllocatedUnits(
    "t", "amz", "R1", "INV-1", "1", "SKU-1", "B1", 7, 10_050, Decimal("18.00"), date(2027, 11, 30)
)


def _posted(**changes: object) -> PostedNote:
    line = NoteLine("SKU-1", Decimal(7), Decimal("100.50"), Decimal(18))
    note = PostedNote("CN1", (line,), Decimal("703.50"), Decimal("126.63"), Decimal("830.13"))
    return replace(note, **changes)  # type: ignore[arg-type]


def test_one_note_for_each_return_and_invoice() -> None:
    notes = credit_notes([
        UNITS, replace(UNITS, invoice_no="INV-2"), replace(UNITS, invoice_line_no="2", sku_code="SKU-2"),
    ])  # fmt: skip
    assert [(note["invoice_no"], len(note["lines"])) for note in notes] == [("INV-1", 2), ("INV-2", 1)]
    assert notes[0]["untaxed_minor"] == 140_700
    assert notes[0]["credit_note_due_on"] == "2027-11-30"


def test_the_id_follows_from_tenant_platform_return_and_invoice() -> None:
    (first,) = credit_notes([UNITS])
    (again,) = credit_notes([replace(UNITS, allocated_qty=1)])
    (other,) = credit_notes([replace(UNITS, tenant_code="u")])
    assert first["credit_note_id"] == again["credit_note_id"] != other["credit_note_id"]


def test_tax_is_rounded_half_up_once() -> None:
    (note,) = credit_notes([replace(UNITS, allocated_qty=1, unit_price_minor=25)])
    assert note["tax_minor"] == 5


def test_the_same_document_counts() -> None:
    (note,) = credit_notes([UNITS])
    assert differences(note, _posted()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lines": (NoteLine("SKU-1", Decimal(6), Decimal("100.50"), Decimal(18)),)}, "lines: sent 7"),
        ({"lines": (NoteLine("SKU-9", Decimal(7), Decimal("100.50"), Decimal(18)),)}, "lines:"),
        ({"lines": ()}, "lines:"),
        ({"untaxed": Decimal("703.49")}, "untaxed amount:"),
        ({"tax": Decimal("126.64"), "total": Decimal("830.14")}, "tax:"),
        ({"total": Decimal("830.14")}, "total:"),
    ],
)
def test_any_other_document_does_not(changes: dict[str, object], words: str) -> None:
    (note,) = credit_notes([UNITS])
    assert any(finding.startswith(words) for finding in differences(note, _posted(**changes)))


def test_tax_may_be_rounded_either_way_at_the_half() -> None:
    (note,) = credit_notes([replace(UNITS, allocated_qty=1, unit_price_minor=25)])
    line = NoteLine("SKU-1", Decimal(1), Decimal("0.25"), Decimal(18))
    for tax in ("0.04", "0.05"):
        posted = PostedNote("1", (line,), Decimal("0.25"), Decimal(tax), Decimal("0.25") + Decimal(tax))
        assert differences(note, posted) == []
