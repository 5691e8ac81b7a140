"""Every reason to refuse a cell, once; and what is read right although it is written otherwise."""

from __future__ import annotations

import pytest

from ingest.contracts.registry import contract
from ingest.validation.columns import judge_column, trimmed
from ingest.validation.dates import DateOrder, prove_order

REFUSED = [
    ("skus", "sku_code", "", "REQUIRED_MISSING"),
    ("skus", "title", "a\x00b", "TEXT_NUL"),
    ("skus", "title", "x" * 10_001, "TEXT_TOO_LONG"),
    ("rtv_manifests", "awb_no", "1.23457E+11", "IDENTIFIER_E_NOTATION"),
    ("skus", "gtin", "8.90123E+12", "GTIN_E_NOTATION"),
    ("skus", "gtin", "89010308652AB", "GTIN_NOT_DIGITS"),
    ("skus", "gtin", "890103086527", "GTIN_CHECK_DIGIT"),
    ("skus", "gtin", "8901030", "GTIN_LENGTH"),
    ("nodes", "node_role", "shop", "VALUE_NOT_ALLOWED"),
    ("skus", "shelf_life_days", "1.5", "INTEGER_INVALID"),
    ("dispatches", "qty", "0", "INTEGER_NOT_POSITIVE"),
    ("gate_receipts", "cartons_received", "-1", "INTEGER_NEGATIVE"),
    ("skus", "mrp", "12,50", "NUMBER_INVALID"),
    ("skus", "mrp", "1.2E+3", "NUMBER_E_NOTATION"),
    ("skus", "mrp", "-3", "NUMBER_NEGATIVE"),
    ("dispatches", "invoice_on", "2026-02-30", "DATE_INVALID"),
    ("dispatches", "invoice_on", "03/04/2026", "DATE_AMBIGUOUS"),
    ("dispatches", "dispatched_at", "2026-11-01T25:00:00", "TIMESTAMP_INVALID"),
    ("nodes", "timezone", "Asia/Bombay-ish", "TIMEZONE_UNKNOWN"),
    ("documents", "sha256", "abc", "SHA256_INVALID"),
    ("skus", "is_kit", "maybe", "BOOLEAN_INVALID"),
]

READ = [
    ("skus", "sku_code", "  PAD-1  ", "PAD-1"),
    ("skus", "sku_code", "'00123", "00123"),
    ("skus", "mrp", "1,23,456.00", "123456.00"),
    ("skus", "mrp", "₹ 1,234.50", "1234.50"),
    ("credit_notes", "tax_amount", "(12.00)", "-12.00"),
    ("skus", "gst_rate", "18%", "18"),
    ("dispatches", "qty", "1,200", "1200"),
    ("dispatches", "qty", "12.0", "12"),
    ("skus", "is_kit", "No", "false"),
    ("nodes", "node_role", "Brand FC", "brand_fc"),
    ("dispatches", "invoice_on", "01-02-2026", "2026-02-01"),
    ("dispatches", "invoice_on", "2026-01-31", "2026-01-31"),
    ("dispatches", "invoice_on", "1-Nov-2026", "2026-11-01"),
    ("dispatches", "dispatched_at", "01-02-2026 9:05 PM", "2026-02-01T21:05:00"),
    ("dispatches", "dispatched_at", "2026-11-30T10:30:00+05:30", "2026-11-30T10:30:00+05:30"),
    ("contracts_in_force", "allowed_reasons", "expired| damaged |", "expired|damaged"),
    ("skus", "shelf_life_days", "", None),
]


def _judged(contract_name: str, column: str, text: str, order: DateOrder = DateOrder.UNPROVEN):
    field = contract(contract_name).field_named(column)
    assert field is not None
    return judge_column(field, trimmed([text]), lambda: order)


@pytest.mark.parametrize(("contract_name", "column", "text", "code"), REFUSED)
def test_a_wrong_cell_is_refused_with_its_code(contract_name: str, column: str, text: str, code: str) -> None:
    error = _judged(contract_name, column, text).errors[0]
    assert error.code == code
    assert error.fact
    assert error.remedy


@pytest.mark.parametrize(("contract_name", "column", "text", "value"), READ)
def test_a_cell_written_otherwise_is_read_right(
    contract_name: str, column: str, text: str, value: str | None
) -> None:
    judged = _judged(contract_name, column, text)
    assert judged.errors == {}
    assert judged.values.to_pylist() == [value]


def test_a_column_proves_its_order_of_day_and_month() -> None:
    assert prove_order(["03/04/2026", "13/04/2026"]) is DateOrder.DAY_FIRST
    assert prove_order(["03/04/2026", "04/13/2026"]) is DateOrder.MONTH_FIRST
    assert prove_order(["13/04/2026", "04/13/2026"]) is DateOrder.MIXED
    assert prove_order(["03/04/2026", None, "2026-01-13"]) is DateOrder.UNPROVEN


def test_a_proven_order_decides_and_a_mixed_one_refuses() -> None:
    assert _judged("dispatches", "invoice_on", "03/04/2026", DateOrder.DAY_FIRST).values.to_pylist() == [
        "2026-04-03"
    ]
    assert _judged("dispatches", "invoice_on", "03/04/2026", DateOrder.MONTH_FIRST).values.to_pylist() == [
        "2026-03-04"
    ]
    assert (
        _judged("dispatches", "invoice_on", "03/04/2026", DateOrder.MIXED).errors[0].code
        == "DATE_ORDER_MIXED"
    )


def test_an_expiry_of_a_month_is_its_last_day() -> None:
    from ingest.validation.dates import read_expiry

    assert read_expiry("2028-02", lambda: DateOrder.UNPROVEN) == "2028-02-29"
    assert read_expiry("03/2027", lambda: DateOrder.UNPROVEN) == "2027-03-31"


@pytest.mark.parametrize("code", ["96385074", "036000291452", "4006381333931", "10614141000415"])
def test_gtins_of_every_length_pass_with_their_check_digit(code: str) -> None:
    assert _judged("skus", "gtin", code).values.to_pylist() == [code]
