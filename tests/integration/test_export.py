"""Exports: identifiers stay text, dates are dates, money is a number, and nothing becomes a formula."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import openpyxl
import psycopg
import pyarrow.parquet as pq
import pytest

from rtv_commands.export_mart import ExportResult, export_mart
from rtv_core.errors import InvalidInput, NotFound
from tests.fixtures import hostile

PAYLOADS = [
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1",
    "=HYPERLINK(\"http://x\")", " =1", "'=1", "＝1",
    "https://example.test", "0012345678905", "plain",
    *hostile.formulas(),
]  # fmt: skip
ROWS = """
create schema if not exists marts;
create table marts.fct_odd (
    odd_key text, tenant_code text, gtin text, note text, qty bigint, value_minor bigint, share numeric(9, 4),
    is_final boolean, noted_on date, noted_at timestamptz, also_met text[], ref uuid
);
comment on column marts.fct_odd.gtin is 'global trade item number';
"""


@pytest.fixture
def odd(warehouse_dsn: str) -> str:
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        connection.execute(ROWS)
        for number, text in enumerate(PAYLOADS):
            connection.execute(
                "insert into marts.fct_odd values (%s, 'default', '00123', %s, 7, 12345, 0.5, "
                "true, '2026-11-30',"
                " '2026-11-30 20:00Z', '{a,b}', '00000000-0000-0000-0000-000000000001')",
                (f"{number:04}", text),
            )
        connection.execute(
            "insert into marts.fct_odd (odd_key, tenant_code) values ('9000', 'other'), ('9001', 'default')"
        )
    return warehouse_dsn


def export(dsn: str, path: Path, **filters: list[str]) -> ExportResult:
    return export_mart(
        dsn, "fct_odd", path, tenant_code="default", reporting_timezone="Asia/Kolkata", filters=filters
    )


def test_xlsx_keeps_text_as_text_and_money_as_numbers(odd: str, tmp_path: Path) -> None:
    result = export(odd, tmp_path / "odd.xlsx")
    assert result.rows == len(PAYLOADS) + 1
    book = openpyxl.load_workbook(result.path)
    sheet = book["fct_odd"]
    head = [cell.value for cell in sheet[1]]
    assert head == [
        "odd_key", "tenant_code", "gtin", "note", "qty", "value", "share", "is_final", "noted_on", "noted_at",
        "also_met", "ref",
    ]  # fmt: skip
    for row, text in zip(sheet.iter_rows(min_row=2), PAYLOADS, strict=False):
        cells = dict(zip(head, row, strict=True))
        assert cells["note"].data_type == "s"
        assert cells["note"].value.replace("_x000D_", "\r").replace("_x0009_", "\t") == text
        assert (cells["gtin"].data_type, cells["gtin"].value) == ("s", "00123")
        assert (cells["value"].value, cells["value"].number_format) == (123.45, "#,##0.00")
        assert cells["noted_on"].value == datetime(2026, 11, 30)  # noqa: DTZ001
        assert cells["noted_at"].value == datetime(2026, 12, 1, 1, 30)  # noqa: DTZ001
        assert cells["is_final"].value is True
    risky = [row[3] for row in sheet.iter_rows(min_row=2) if row[3].value in {"=1+1", "+1", "@SUM(1)"}]
    assert [cell.quotePrefix for cell in risky] == [True] * 4
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    meanings = {row[1].value: row[3].value for row in book["dictionary"].iter_rows(min_row=2)}
    assert meanings["gtin"] == "global trade item number"
    assert "÷ 100" in meanings["value_minor"]


def test_csv_has_no_cell_that_a_spreadsheet_would_run(odd: str, tmp_path: Path) -> None:
    path = export(odd, tmp_path / "odd.csv").path
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row, text in zip(rows, PAYLOADS, strict=False):
        assert row["note"] in {text, f"'{text}"}
        assert not row["note"].lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert (row["gtin"], row["value_minor"], row["share"]) == ("00123", "12345", "0.5000")
        assert (row["is_final"], row["noted_on"]) == ("true", "2026-11-30")
        assert row["noted_at"].startswith("2026-11-30T20:00:00+00:00")


def test_parquet_keeps_the_types_and_the_units_of_the_mart(odd: str, tmp_path: Path) -> None:
    table = pq.read_table(export(odd, tmp_path / "odd.parquet").path)
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["value_minor"] == "int64"
    assert kinds["noted_on"] == "date32[day]"
    assert kinds["noted_at"] == "timestamp[us, tz=UTC]"
    assert kinds["gtin"] == "string"
    assert table.column("note").to_pylist()[: len(PAYLOADS)] == PAYLOADS
    assert table.schema.field("gtin").metadata[b"description"] == b"global trade item number"


def test_another_brand_s_rows_are_never_in_it(odd: str, tmp_path: Path) -> None:
    table = pq.read_table(export(odd, tmp_path / "odd.parquet").path)
    assert set(table.column("tenant_code").to_pylist()) == {"default"}
    foreign = export(odd, tmp_path / "foreign.parquet", tenant_code=["other"])
    assert foreign.rows == 0


def test_filters_narrow_by_equality(odd: str, tmp_path: Path) -> None:
    assert export(odd, tmp_path / "two.csv", odd_key=["0000", "0002"]).rows == 2
    assert export(odd, tmp_path / "none.csv", note=["' or true --"]).rows == 0
    with pytest.raises(InvalidInput) as refused:
        export(odd, tmp_path / "x.csv", **{"odd_key) or (true": ["x"]})
    assert refused.value.code == "COLUMN_UNKNOWN"


def test_an_unknown_mart_lists_the_marts_and_writes_nothing(odd: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        export_mart(odd, "fct_old", tmp_path / "x.csv", tenant_code="default", reporting_timezone="UTC")
    assert refused.value.code == "MART_UNKNOWN"
    assert "Did you mean fct_odd?" in refused.value.remedy
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize(("name", "code"), [("x.pdf", "FORMAT_UNKNOWN"), ("nowhere/x.csv", "FOLDER_MISSING")])
def test_a_file_that_cannot_be_written_is_refused_first(
    odd: str, tmp_path: Path, name: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        export(odd, tmp_path / name)
    assert refused.value.code == code
