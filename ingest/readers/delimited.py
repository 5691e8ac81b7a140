"""Reads delimited text (CSV, TSV and kin) as a stream of batches."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ingest.readers.sniff import Dialect, sniff_dialect
from ingest.readers.table import BATCH_ROWS, Batch, BrokenRow, Cell, Document, Finding, Table, batch_of
from rtv_core.errors import InvalidInput

MAX_CELL_CHARACTERS = 1 << 20
_SHORT = "The row has {found} cells, the header {wanted}"
_REMEDY = "Quote cells that hold the delimiter or a line break, fill the row up, and send it again."


def read_delimited(path: Path) -> Document:
    """Understand a delimited file; its rows are read when its table is."""
    dialect = sniff_dialect(path)
    header, header_row_no = _header(path, dialect)
    table = Table(None, header, header_row_no, lambda: _batches(path, dialect, header, header_row_no))
    described = {"encoding": dialect.encoding, "delimiter": dialect.delimiter, "quote": dialect.quote}
    return Document("csv", described, (table,), _findings(dialect))


def _findings(dialect: Dialect) -> tuple[Finding, ...]:
    if dialect.encoding == "utf-8":
        return ()
    return (Finding("ENCODING_RECOGNISED", f"The file is written in {dialect.encoding}"),)


def _records(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        with path.open("r", encoding=dialect.encoding, newline="") as stream:
            yield from csv.reader(stream, delimiter=dialect.delimiter, quotechar=dialect.quote)
    except UnicodeError as error:
        raise InvalidInput(
            f"The text is no sound {dialect.encoding}: {error}",
            remedy="Save the file as UTF-8 and send it again.",
            code="ENCODING_INVALID",
        ) from error
    except csv.Error as error:
        raise InvalidInput(
            f"The text cannot be split into rows: {error}",
            remedy="Look for a quote that is never closed; save the file as CSV again.",
            code="CSV_INVALID",
        ) from error


def _header(path: Path, dialect: Dialect) -> tuple[tuple[str, ...], int]:
    for row_no, record in enumerate(_records(path, dialect), start=1):
        if any(cell.strip() for cell in record):
            names = [cell.strip() for cell in record]
            while names and not names[-1]:
                names.pop()
            return tuple(names), row_no
    raise InvalidInput(
        "The file holds no rows", remedy="Send the file again; it may have been cut off.", code="FILE_EMPTY"
    )


def _batches(path: Path, dialect: Dialect, header: tuple[str, ...], header_row_no: int) -> Iterator[Batch]:
    width = len(header)
    rows: list[tuple[int, list[Cell]]] = []
    broken: list[BrokenRow] = []
    for row_no, record in enumerate(_records(path, dialect), start=1):
        if row_no <= header_row_no:
            continue
        if len(record) == width:
            if not record[0] and not any(cell.strip() for cell in record):
                continue
            rows.append((row_no, record))  # type: ignore[arg-type]
        else:
            fitted = _fit(record, width)
            if fitted is not None:
                rows.append((row_no, fitted))
            elif any(cell.strip() for cell in record):
                broken.append(_broken(row_no, record, width))
        if len(rows) + len(broken) >= BATCH_ROWS:
            yield batch_of(header, rows, broken)
            rows, broken = [], []
    if rows or broken:
        yield batch_of(header, rows, broken)


def _fit(record: list[str], width: int) -> list[Cell] | None:
    """The record cut to the header's width when only empty cells stand beyond it."""
    if len(record) > width and not any(cell.strip() for cell in record[width:]):
        cut: list[Cell] = [*record[:width]]
        return cut if any(cell and cell.strip() for cell in cut) else None
    return None


def _broken(row_no: int, record: list[str], width: int) -> BrokenRow:
    code = "ROW_SHORT" if len(record) < width else "ROW_LONG"
    return BrokenRow(
        row_no, code, _SHORT.format(found=len(record), wanted=width), _REMEDY, {"cells": record[:1000]}
    )
