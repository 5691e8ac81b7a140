"""What a file is, is told by its bytes; rows keep the numbers that the sheet gives them."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from ingest.readers.open import open_document
from ingest.readers.table import Batch
from rtv_core.errors import InvalidInput

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
SPECTRUM = Path(__file__).parents[4] / "shared" / "samples" / "messy" / "csv-spectrum"


def _read(path: Path, table: int = 0) -> Batch:
    batches = list(open_document(path, path.name).tables[table].batches())
    assert len(batches) == 1
    return batches[0]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "file.csv"
    rows = [["sku_code", "title"], ["A-1", "café"], ["A-2", 'says "hi"']]
    text = "".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows
    )
    path.write_bytes(text.encode(encoding))
    batch = _read(path)
    assert batch.header == ("sku_code", "title")
    assert batch.columns == [["A-1", "A-2"], ["café", 'says "hi"']]
    assert batch.row_nos == [2, 3]


def test_lines_of_two_encodings_are_each_read_in_their_own_and_named(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    lines = ["sku,title\n", "A,café\n", '"B\n","naïve"\n', "C,Größe\n", "D,plain\n", "E,Spaß«\n"]
    encodings = ["utf-8", "utf-8", "utf-8", "cp1252", "utf-8", "cp1252"]
    path.write_bytes(b"".join(line.encode(name) for line, name in zip(lines, encodings, strict=True)))
    assert _read(path).columns[1] == ["café", "naïve", "Größe", "plain", "Spaß«"]
    document = open_document(path, path.name)
    assert document.dialect["encoding"] == "utf-8-or-cp1252"
    assert document.findings[0].fact == (
        "The file mixes two encodings: row 4, 6 read as Windows-1252, all others as UTF-8"
    )


def test_long_files_of_two_encodings_are_streamed_in_both(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    line = "SKU-1,café,1\r\n".encode()
    path.write_bytes(b"sku,title,qty\r\n" + line * 400_000 + "SKU-1,café,1\r\n".encode("cp1252") + line)
    table = open_document(path, path.name).tables[0]
    found = [title for batch in table.batches() for title in batch.columns[1]]
    assert (len(found), set(found)) == (400_002, {"café"})
    assert "line 400002 read" in open_document(path, path.name).findings[0].fact


def test_windows_1252_that_looks_like_utf8_by_chance_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("sku,title\nA,Spaß«\nB,Größe\n".encode("cp1252"))
    assert _read(path).columns[1] == ["Spaß«", "Größe"]
    assert open_document(path, path.name).dialect["encoding"] == "cp1252"


def test_blank_rows_and_line_breaks_in_cells_keep_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('\nsku_code,title\nA,"one\ntwo"\n\n,\nB,b\nC\nD,d,e\nE,e,\n', encoding="utf-8")
    batch = _read(path)
    assert (batch.row_nos, batch.columns[0]) == ([3, 6, 9], ["A", "B", "E"])
    assert [(row.row_no, row.code) for row in batch.broken] == [(7, "ROW_SHORT"), (8, "ROW_LONG")]


def test_json_lines_keep_numbers_as_written_and_name_broken_lines(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    lines = [
        '{"a": 12.50, "b": 12345678901234567890, "c": true, "d": ["x", "y"], "e": [{"f": 1}]}',
        "{oops",
        "[1]",
        '{"a": "\\ud800"}',
        '{"z": null}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    batch = _read(path)
    first = {name: column[0] for name, column in zip(batch.header, batch.columns, strict=True)}
    assert first == {
        "a": "12.50", "b": "12345678901234567890", "c": "true", "d": "x|y", "e": '[{"f":"1"}]', "z": None,
    }  # fmt: skip
    assert [(row.row_no, row.code) for row in batch.broken] == [
        (2, "JSON_INVALID"),
        (3, "JSON_NOT_OBJECT"),
        (4, "JSON_INVALID"),
    ]


def test_a_workbook_quotes_the_rows_of_the_sheet_and_keeps_long_codes(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for column, text in enumerate(["gtin", "qty", "on"]):
            sheet.write(3, column, text)
        sheet.write(5, 0, 8901030865278)
        sheet.write(5, 1, 2.5)
        sheet.write_datetime(5, 2, date(2026, 11, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        book.add_worksheet("Notes").write(0, 0, "hello")
    document = open_document(path, path.name)
    assert [(table.sheet_name, table.header_row_no) for table in document.tables] == [
        ("Data", 4),
        ("Notes", 1),
    ]
    batch = _read(path)
    assert batch.row_nos == [6]
    assert batch.columns[:2] == [["8901030865278"], ["2.5"]]
    assert str(batch.columns[2][0]).startswith("2026-11-01")


def _sheet(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for row_no, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(row_no, column, value)
    return path


def test_tables_over_one_another_in_a_sheet_are_told_apart(tmp_path: Path) -> None:
    first = [["sku", "qty", "price"], ["A", 1, 2.5], ["B", 2, 3.5], ["C", 3, 4.5]]
    second = [["awb", "cartons"], ["X1", 4], ["X2", 5], ["X3", 6]]
    third = [["kit", "pieces", "part"], ["K", 1, "p"], ["L", 2, "q"]]
    path = _sheet(tmp_path / "a.xlsx", [["March"], [], *first, [], ["Returns"], *second, *third])
    document = open_document(path, path.name)
    assert [(table.sheet_name, table.header_row_no, table.header) for table in document.tables] == [
        ("Data table 1", 3, ("sku", "qty", "price")),
        ("Data table 2", 9, ("awb", "cartons")),
        ("Data table 3", 13, ("kit", "pieces", "part")),
    ]
    assert [_read(path, number).columns[0] for number in range(3)] == [
        ["A", "B", "C"], ["X1", "X2", "X3"], ["K", "L"],
    ]  # fmt: skip
    assert "Sheet Data table 1: left out below, row 8: Returns" in [f.fact for f in document.findings]


def test_a_sheet_without_names_with_them_again_and_with_words_where_numbers_are(tmp_path: Path) -> None:
    rows = [["A", 1, 2.5], ["B", 2, 3.5], ["C", 3, 4.5]]
    path = _sheet(tmp_path / "a.xlsx", rows)
    assert (_read(path).header, _read(path).row_nos) == (("column 1", "column 2", "column 3"), [1, 2, 3])
    names = ["sku", "qty", "price"]
    path = _sheet(tmp_path / "b.xlsx", [names, names, *rows, names, *rows, ["Total", "", 21]])
    document = open_document(path, path.name)
    assert (_read(path).header, _read(path).row_nos) == (tuple(names), [3, 4, 5, 7, 8, 9])
    assert [finding.fact for finding in document.findings] == [
        "Sheet Data: left out below, row 10: Total 21",
        "Sheet Data: left out as the header again: row 2, 6",
    ]
    path = _sheet(tmp_path / "c.xlsx", [names, *rows, ["D", "n/a", "none"], *rows, ["E", "lost"], *rows])
    assert _read(path).row_nos == list(range(2, 13))


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"qty": [1, None], "mrp": [1.5, 2.0], "on": [date(2026, 1, 2), None]}), path)
    batch = _read(path)
    assert batch.columns == [["1", None], ["1.5", "2"], ["2026-01-02", None]]
    assert batch.row_nos == [1, 2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b" \r\n\r\n", "FILE_EMPTY"),
        (b"\x7fELF\x00\x00\x01\x02\x00\x03" + bytes(range(200)), "FORMAT_UNKNOWN"),
        (b"PK\x03\x04 not really", "FILE_UNREADABLE"),
        (b"PAR1 not really", "FILE_UNREADABLE"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        open_document(path, "file.bin")
    assert caught.value.code == code


def test_an_archive_that_unpacks_to_far_more_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * 64 * 1024**2)
    with pytest.raises(InvalidInput) as caught:
        open_document(path, path.name)
    assert caught.value.code == "ARCHIVE_TOO_LARGE"


@pytest.mark.skipif(not SPECTRUM.exists(), reason=f"the samples of csv-spectrum are not at {SPECTRUM}")
def test_csv_spectrum_is_read_as_its_truth_says() -> None:
    for path in sorted((SPECTRUM / "csvs").glob("*.csv")):
        truth = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        batch = _read(path)
        found = [dict(zip(batch.header, row, strict=True)) for row in zip(*batch.columns, strict=True)]
        same = [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in found]
        assert same == [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in truth], (
            path.name
        )
