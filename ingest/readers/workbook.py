"""Reads workbooks (XLSX, XLSB, XLS, ODS) as batches of text; rows carry the sheet's own numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ingest.readers.layout import find_tables
from ingest.readers.packed import BROKEN, MAX_RATIO, MAX_UNPACKED_BYTES, entries_of
from ingest.readers.sheet_layout import laid_out
from ingest.readers.table import (
    BATCH_ROWS,
    Batch,
    BrokenRow,
    Cell,
    Document,
    Finding,
    Table,
    batch_of,
    unique_header,
)
from ingest.readers.workbook_bounds import require_bounded, unreadable
from rtv_core.errors import InvalidInput

HEAD_ROWS = 60
# A sheet up to this many rows is laid out as a whole; of a longer one the head tells, its rows are streamed.
WHOLE_ROWS = 20_000


def read_workbook(path: Path) -> Document:
    """Understand a workbook: one table for each sheet that holds anything."""
    format_name = _bound(path)
    require_bounded(path, format_name)
    try:
        names = CalamineWorkbook.from_path(str(path)).sheet_names
        read = [_sheet_tables(path, name) for name in names]
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(error) from error
    tables = tuple(table for found, _ in read for table in found)
    if not tables:
        raise InvalidInput("The workbook holds no rows", remedy="Send the file again.", code="FILE_EMPTY")
    findings = []
    filled = sum(bool(found) for found, _ in read)
    if filled > 1:
        findings.append(Finding("SHEETS", f"The workbook has {filled} sheets with rows"))
    findings += [finding for _, said in read for finding in said]
    return Document(format_name, {"sheets": ", ".join(names)}, tables, tuple(findings))


def _bound(path: Path) -> str:
    """The workbook's format; an archive that would unpack to far more than it is, is refused unopened."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            if stream.read(4) == b"\xd0\xcf\x11\xe0":
                return "xls"
    try:
        entries = entries_of(path)
    except BROKEN as error:
        raise unreadable(error) from error
    unpacked, names = sum(entry.file_size for entry in entries), {entry.filename for entry in entries}
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * path.stat().st_size + 10 * 1024**2:
        raise InvalidInput(
            f"The archive would unpack to {unpacked} bytes",
            remedy="Split the workbook.",
            code="ARCHIVE_TOO_LARGE",
        )
    if "content.xml" in names:
        return "ods"
    if not any(name.startswith("xl/") for name in names):
        raise InvalidInput(
            "The archive holds no workbook",
            remedy="Send CSV, XLSX, JSON Lines or Parquet.",
            code="FORMAT_UNKNOWN",
        )
    return "xlsb" if "xl/workbook.bin" in names else "xlsx"


def _sheet(path: Path, name: str) -> CalamineSheet:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name)


def _rows(path: Path, name: str) -> Iterator[tuple[int, list[Cell]]]:
    sheet = _sheet(path, name)
    # Only `iter_rows` starts at the sheet's first row; calamine's other readers leave leading blanks out.
    for row_no, row in enumerate(sheet.iter_rows(), start=1):
        yield row_no, [_text(value) for value in row]


def _sheet_tables(path: Path, name: str) -> tuple[list[Table], list[Finding]]:
    """The tables of a sheet: a long one is one table below its titles, any other is laid out as a whole."""
    rows = list(islice(_rows(path, name), WHOLE_ROWS + 1))
    if len(rows) <= WHOLE_ROWS:
        return laid_out(name, [[cell or "" for cell in row] for _, row in rows])
    table = _table(path, name)
    if table is None or (table.header_row_no or 0) <= _first_row_no(path, name):
        return [table] if table else [], []
    said = f"Sheet {name}: the rows above row {table.header_row_no} are left out"
    return [table], [Finding("LINES_ABOVE_TABLE", said)]


def _first_row_no(path: Path, name: str) -> int:
    return next(row_no for row_no, row in _rows(path, name) if any(row))


def _table(path: Path, name: str) -> Table | None:
    head = list(islice(_rows(path, name), HEAD_ROWS))
    placed = find_tables([[cell or "" for cell in row] for _, row in head])
    if placed and placed[0].header:
        row_no, row = head[placed[0].header[0]]
        return _table_below(path, name, unique_header(row), row_no)
    # Without names, or with nothing in its head: the first row that holds anything names the columns.
    for row_no, row in _rows(path, name):
        if any(row):
            return _table_below(path, name, unique_header(row), row_no)
    return None


def _table_below(path: Path, name: str, header: tuple[str, ...], header_row_no: int) -> Table:
    return Table(name, header, header_row_no, lambda: _batches(path, name, header, header_row_no))


def _batches(path: Path, name: str, header: tuple[str, ...], header_row_no: int) -> Iterator[Batch]:
    width = len(header)
    rows: list[tuple[int, list[Cell]]] = []
    broken: list[BrokenRow] = []
    for row_no, row in _rows(path, name):
        if row_no <= header_row_no or not any(row):
            continue
        if any(row[width:]):
            broken.append(_too_long(row_no, row, width))
        else:
            rows.append((row_no, row[:width]))
        if len(rows) + len(broken) >= BATCH_ROWS:
            yield batch_of(header, rows, broken)
            rows, broken = [], []
    if rows or broken:
        yield batch_of(header, rows, broken)


def _too_long(row_no: int, row: list[Cell], width: int) -> BrokenRow:
    return BrokenRow(
        row_no,
        "ROW_LONG",
        f"The row has cells beyond the {width} columns of the header",
        "Give every column a heading.",
        {"cells": list(row)},
    )


def _text(value: Any) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return None if value is None else str(value)
