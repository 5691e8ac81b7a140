"""Contracts are recognised by name and columns, foreign reports by themselves; drift is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from intake_samples import record, write_csv

from ingest.contracts.registry import contracts
from ingest.readers.open import open_document
from ingest.recognition import Part, default_settings, mapper, recognise
from rtv_core.errors import InvalidInput

_COLUMNS = (
    "request-date order-id {date} sku fnsku disposition {qty} carrier tracking-number removal-order-type"
)
SHIPMENTS = _COLUMNS.replace(" ", "\t").format(date="shipment-date", qty="shipped-quantity") + "\n"
DRIFTED = _COLUMNS.replace(" ", "\t").format(date="removal-date", qty="quantity shipped") + "\n"
ROW = "2026-10-01\tRO1\t2026-10-03\t{sku}\tX001\tSellable\t{qty}\tBlueDart\t{awb}\tReturn\n"


def _recognised(path: Path) -> Part:
    (part,) = recognise(path.name, open_document(path, path.name)).parts
    return part


@pytest.mark.parametrize("name", sorted(contracts()))
def test_a_contract_is_recognised_by_name_and_by_its_columns_alone(tmp_path: Path, name: str) -> None:
    by_name = write_csv(tmp_path / f"{name}_2026-11-01_any.csv", [record(name)])
    assert _recognised(by_name).recognition.contract_name == name
    by_columns = by_name.rename(tmp_path / "export (3).csv")
    assert _recognised(by_columns).recognition.contract_name == name


def test_a_column_under_another_name_is_read_by_its_role_and_said(tmp_path: Path) -> None:
    renamed = {
        "AWB Number" if key == "awb_no" else key: value for key, value in record("gate_receipts").items()
    }
    found = _recognised(write_csv(tmp_path / "gate_receipts.csv", [renamed])).recognition
    assert found.columns["AWB Number"] == "awb_no"
    assert found.findings == ("AWB Number is read as awb_no",)


def test_two_columns_for_one_role_are_not_certain(tmp_path: Path) -> None:
    values = record("gate_receipts")
    doubtful = {key: value for key, value in values.items() if key != "awb_no"} | {"AWB": "1", "LR No": "2"}
    with pytest.raises(InvalidInput) as caught:
        _recognised(write_csv(tmp_path / "gate_receipts.csv", [doubtful]))
    assert caught.value.code == "COLUMNS_DRIFTED"
    assert caught.value.facts["missing"] == ["awb_no"]
    assert caught.value.facts["unknown"] == ["AWB", "LR No"]


def test_a_column_of_the_contract_that_stands_twice_is_not_certain(tmp_path: Path) -> None:
    path = tmp_path / "kit_components.csv"
    path.write_text(
        "kit_sku_code,component_sku_code,component_qty,component_qty\nA,B,1,2\n", encoding="utf-8"
    )
    with pytest.raises(InvalidInput) as caught:
        _recognised(path)
    assert caught.value.facts["twice"] == ["component_qty"]


def test_unknown_columns_belong_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("colour,size\nred,1\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        _recognised(path)
    assert caught.value.code == "CONTRACT_UNKNOWN"


@pytest.mark.parametrize("header", [SHIPMENTS, DRIFTED])
def test_an_amazon_removal_shipment_report_becomes_manifest_lines(tmp_path: Path, header: str) -> None:
    path = tmp_path / "12345.txt"
    rows = [("A", 2, "T1"), ("A", 2, "T1"), ("A", 3, "T2")]
    path.write_text(header + "".join(ROW.format(sku=s, qty=q, awb=a) for s, q, a in rows), encoding="utf-8")
    found = _recognised(path)
    assert (found.recognition.source_name, found.recognition.contract_name) == ("amazon", "rtv_manifests")
    batch = next(found.table.batches())
    mapped = mapper(
        found.recognition, {**default_settings("amazon"), "transporter_codes": {"BlueDart": "BD"}}
    )(batch)
    assert mapped.columns["rtv_no"] == ["RO1"] * 3
    assert mapped.columns["awb_no"] == ["T1", "T1", "T2"]
    assert mapped.columns["qty"] == ["2", "2", "3"]
    assert mapped.columns["transporter_code"] == ["BD"] * 3
    assert len(set(mapped.columns["line_no"])) == 3
    assert "unit_value" not in mapped.columns
    assert set(mapped.columns["revision_no"]) == {"2"}
    assert mapped.extra["fnsku"] == ["X001"] * 3


def test_a_table_of_very_many_columns_is_asked_of_nobody(tmp_path: Path) -> None:
    path = tmp_path / "skus_1.csv"
    path.write_text(",".join(f"c{n}" for n in range(3_000)) + "\n" + "1," * 2_999 + "1\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        recognise(path.name, open_document(path, path.name))
    assert refused.value.code == "TABLE_TOO_WIDE"
