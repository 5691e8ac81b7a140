"""Files that are written wrong in every way we know are read as their truth says, told nothing."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from pollution import Polluted, polluted_files

from ingest.readers.delimited import read_delimited
from ingest.readers.open import open_document
from rtv_commands.read import read_file

FILES = list(polluted_files())


@pytest.mark.parametrize("file", FILES, ids=[file.kind for file in FILES])
def test_a_polluted_file_is_read_as_its_truth_says(file: Polluted, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(file.content)
    out = tmp_path / "out.csv"
    reading = read_file(path, to_csv=out)
    assert len(reading.tables) == 1
    with out.open(encoding="utf-8", newline="") as stream:
        written = list(csv.reader(stream))
    assert written == ([file.header] if file.header else []) + file.rows


def test_what_stands_around_a_table_is_named_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Report of March\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n\nNote: provisional\n", encoding="utf-8")
    document = read_delimited(path)
    assert document.tables[0].header_row_no == 3
    assert [finding.fact for finding in document.findings] == [
        "Left out above the table, row 1: Report of March",
        "Left out below the table, row 8: Note: provisional",
    ]


def test_the_whole_dialect_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b'a;b\r\n"1 \\" x";2\r\n"y";3\n')
    assert read_delimited(path).dialect == {
        "encoding": "utf-8", "delimiter": ";", "quote": '"', "escape": "\\", "line end": "CRLF, LF",
    }  # fmt: skip
    path.write_bytes(b'a,b\r"1 "" x",2\r"y",3\r')
    assert read_delimited(path).dialect["escape"] == "doubled quote"
    assert read_delimited(path).dialect["line end"] == "CR"


@pytest.mark.parametrize("delimiter", ["||", ";"])
def test_a_long_file_in_a_rare_dialect_is_streamed_like_a_short_one(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "file.csv"
    line = '"C:\\new","5\\" \nwide","2"\n'.replace(",", delimiter)
    path.write_text(f"path{delimiter}title{delimiter}qty\n" + line * 300_000, encoding="utf-8")
    (table,) = read_delimited(path).tables
    found = [row for batch in table.batches() for row in zip(*batch.columns, strict=True)]
    assert (len(found), set(found)) == (300_000, {("C:\\new", '5" \nwide', "2")})


@pytest.mark.parametrize("count", [3, 200_000])
def test_a_header_that_stands_again_is_named(tmp_path: Path, count: int) -> None:
    path = tmp_path / "file.csv"
    part = "sku, title,qty\n" + 'SKU-1,"Shirt, blue",2\n' * count
    path.write_text(part * 2, encoding="utf-8")
    document = read_delimited(path)
    assert sum(batch.row_count for batch in document.tables[0].batches()) == 2 * count
    unit = "row" if count == 3 else "line"
    assert document.findings[0].fact == f"Left out as the header again: {unit} {count + 2}"


def test_two_tables_in_one_file_are_two(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a,b\n1,2\n3,4\n5,6\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", encoding="utf-8")
    document = read_delimited(path)
    assert [(table.sheet_name, table.header) for table in document.tables] == [
        ("table 1", ("a", "b")),
        ("table 2", ("x", "y", "z")),
    ]
    out = tmp_path / "out.csv"
    read_file(path, to_csv=out)
    assert out.read_text(encoding="utf-8").splitlines()[0] == "a,b"
    assert (tmp_path / "out_2.csv").read_text(encoding="utf-8").splitlines()[-1] == "7,8,9"


@pytest.mark.parametrize(
    ("second", "header"),
    [
        ("x,y,z\n1,2,3\n4,5,6\n", ("x", "y", "z")),
        ("x\ty,z\nw,2\nv,5\n".replace("\t", " "), ("x y", "z")),
        ("w,x,y,z\n1,2,3,4\n4,5,6,7\n", ("w", "x", "y", "z")),
    ],
)
def test_tables_right_below_one_another_are_two(tmp_path: Path, second: str, header: tuple[str, ...]) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,6\n7,8,9\n" + second, encoding="utf-8")
    first, other = read_file(path).tables
    assert (first["header"], tuple(other["header"]), other["header_row"]) == (["a", "b", "c"], header, 5)


def test_names_that_stand_twice_are_joined_and_still_known(tmp_path: Path) -> None:
    path = tmp_path / "kit_components.csv"
    names = "kit_sku_code,component_sku_code,component_qty,valid_from\n"
    path.write_text(names * 2 + "A,B,1,2026-01-01\nA,C,2,2026-01-01\nA,D,3,2026-01-01\n", encoding="utf-8")
    reading = read_file(path)
    assert reading.tables[0]["header"][0] == "kit_sku_code kit_sku_code"
    assert (reading.contract_name, reading.rows_in) == ("kit_components", 3)


def test_a_name_too_wide_or_too_narrow_and_a_blank_too_many_are_mended(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    rows = "".join(f'"a{n}","{n}","b{n}","c{n}"\n' for n in range(5))
    for header in ('"w","x",,"y","z"\n', '"w","x""y","z"\n', '"w" "x" "y" "z"\n'):
        path.write_text(header + rows + '"d",,"5","e","f"\n', encoding="utf-8")
        table = read_delimited(path).tables[0]
        (batch,) = table.batches()
        assert (table.header, batch.broken) == (("w", "x", "y", "z"), [])
        assert [column[-1] for column in batch.columns] == ["d", "5", "e", "f"]
        assert read_delimited(path).findings[-1].fact == "Left out a blank cell too many: row 7"


def test_a_row_that_was_cut_off_is_no_note(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("sku,qty,price\nA-1,2,3\nA-2,5,6\nA-3,7,8\nA-", encoding="utf-8")
    (batch,) = read_delimited(path).tables[0].batches()
    assert [row.code for row in batch.broken] == ["ROW_SHORT"]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="March">{rows}</table:table></office:spreadsheet>
</office:body></office:document-content>"""


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""


def test_an_open_document_sheet_is_read_below_its_title(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(cell.format(value) for value in row)}</table:table-row>"
        for row in (["Returns of March", "", ""], ["sku", "qty", "price"], ["A", "1", "2.5"], ["B", "3", "4"])
    )
    path = tmp_path / "returns.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(rows=rows))
    document = open_document(path, path.name)
    (table,) = document.tables
    (batch,) = table.batches()
    assert (document.format_name, table.sheet_name, table.header) == ("ods", "March", ("sku", "qty", "price"))
    assert (batch.row_nos, batch.columns[0]) == ([3, 4], ["A", "B"])
    assert "above row 2" in document.findings[0].fact
