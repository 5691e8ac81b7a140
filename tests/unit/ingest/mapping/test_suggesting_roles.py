"""Columns of partners are suggested for roles by name and content, with a confidence and a reason."""

from __future__ import annotations

import pytest

from ingest.contracts.registry import contract, contracts
from ingest.mapping.roles import Suggestion, _names, name_score, suggest

MANIFEST = {
    "Ret Doc No": ["RD100", "RD100", "RD101"],
    "Return Date": ["03-11-2026", "25-11-2026", "04-11-2026"],
    "From Warehouse": ["DEL-DS-7", "DEL-DS-7", "BLR-DS-2"],
    "Vendor Location": ["HUB-BLR", "HUB-BLR", "HUB-BLR"],
    "FSN": ["ACCFZ8", "ACCFZ9", "ACCFZ1"],
    "Seller SKU": ["LIP-01", "LIP-02", "KIT-01"],
    "AWB No": ["7781", "7781", "7790"],
    "Qty": ["2", "3", "1"],
    "Cost Price": ["1,200.00", "99", "45.5"],
    "Barcode": ["8901030865275", "8901030865275", ""],
    "Expiry Dt": ["31/12/2026", "30/06/2027", ""],
    "Batch No.": ["B1", "B2", "B3"],
    "Buyer Name": ["Asha", "Ravi", "Meena"],
}


def _suggested(samples: dict[str, list[str]], name: str = "rtv_manifests") -> dict[str, Suggestion]:
    filled = {column: [cell for cell in cells if cell] for column, cells in samples.items()}
    return {entry.field_name: entry for entry in suggest(contract(name).fields, list(samples), filled)}


def test_an_indian_platforms_header_is_understood() -> None:
    found = _suggested(MANIFEST)
    assert {name: entry.column for name, entry in found.items()} == {
        "rtv_no": "Ret Doc No",
        "created_at": "Return Date",
        "origin_node": "From Warehouse",
        "destination_node": "Vendor Location",
        "awb_no": "AWB No",
        "platform_sku": "FSN",
        "gtin": "Barcode",
        "qty": "Qty",
        "unit_value": "Cost Price",
        "batch_no": "Batch No.",
        "expiry_on": "Expiry Dt",
    }
    assert all(entry.confidence >= 0.8 and entry.reason for entry in found.values())


@pytest.mark.parametrize(
    ("contract_name", "column", "field_name"),
    [
        ("goods_receipts", "Seller SKU", "sku_code"),
        ("goods_receipts", "GRN Number", "grn_no"),
        ("debit_notes", "DN No", "debit_note_no"),
        ("debit_notes", "Debit Note Date", "debited_on"),
        ("transporter_events", "Waybill No", "awb_no"),
        ("transporter_events", "Docket No.", "awb_no"),
        ("dispatches", "Inv. No", "invoice_no"),
        ("stock_movements", "Txn Date", "moved_at"),
    ],
)
def test_a_name_partners_use_scores_highest_for_its_role(
    contract_name: str, column: str, field_name: str
) -> None:
    scores = {field.name: name_score(field.name, column).value for field in contract(contract_name).fields}
    assert max(scores, key=lambda name: scores[name]) == field_name
    assert scores[field_name] >= 0.7


def test_a_seller_sku_alone_may_be_the_platforms_but_is_not_sure() -> None:
    without = {column: cells for column, cells in MANIFEST.items() if column != "FSN"}
    found = _suggested(without)["platform_sku"]
    assert found.column == "Seller SKU"
    assert 0.4 <= found.confidence < 0.8


def test_content_that_the_contract_refuses_makes_a_good_name_doubtful() -> None:
    found = _suggested({"Qty": ["two", "three", "n/a"]}).get("qty")
    assert found is None or found.confidence < 0.5


def test_barcodes_are_found_by_their_check_digits_under_a_name_that_says_nothing() -> None:
    found = _suggested({"Col7": ["8901030865275", "8901030865282"]})["gtin"]
    assert found.column == "Col7"
    assert found.confidence < 0.8
    assert "its name says nothing" in found.reason


def test_two_columns_for_one_role_are_told_and_less_sure() -> None:
    found = _suggested({"LR No": ["L1", "L2"], "Docket No": ["D1", "D2"]})["awb_no"]
    assert found.confidence < 0.8
    assert "could be it as well" in found.reason


def test_every_known_name_is_of_a_role_that_some_contract_has() -> None:
    roles = {field.name for found in contracts().values() for field in found.fields}
    assert set(_names()) <= roles
