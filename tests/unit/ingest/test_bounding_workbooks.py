"""A workbook is told from a bomb by its references; where they leave a doubt it is parsed on trial."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from ingest.readers import workbook_bounds
from ingest.readers.workbook import read_workbook
from rtv_core.errors import InvalidInput
from tests.chaos.good_files import good_file, zipped
from tests.fixtures.hostile import entries_of_good

SHEET = "xl/worksheets/sheet1.xml"


def _workbook(path: Path, cells: str) -> Path:
    entries = entries_of_good("xlsx")
    end = b"</sheetData>"
    path.write_bytes(zipped(entries | {SHEET: entries[SHEET].replace(end, cells.encode() + end)}))
    return path


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row spans="1:9" r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row\nr="1048576"><c\tr="XFD1048576"><v>1</v></c></row>',
        '<row><c r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_away_is_refused_however_it_is_written(tmp_path: Path, cells: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_workbook(_workbook(tmp_path / "skus.xlsx", cells))
    assert refused.value.code == "WORKBOOK_TOO_LARGE"


def test_an_odd_but_small_workbook_is_read_after_its_trial(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "skus.xlsx", "<row r='9'><c r='A9' t='str'><v>SKU-9</v></c></row>")
    (table,) = read_workbook(path).tables
    assert table.header[0] == "sku_code"


def test_a_usual_workbook_needs_no_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "skus.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for row in range(2_000):
            for column in range(30):
                sheet.write(row, column, f"a text of some length, {column}" if column % 2 else row)
    monkeypatch.setattr(workbook_bounds, "_PROBE", "raise SystemExit(9)")
    assert read_workbook(path).tables
    path.write_bytes(good_file("ods", "skus"))
    with pytest.raises(InvalidInput):
        read_workbook(path)
