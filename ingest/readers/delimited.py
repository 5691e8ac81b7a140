"""Reads delimited text (CSV, TSV and kin) as a stream of batches."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from pathlib import Path

from ingest.readers.sniff import Dialect, sniff_dialect
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
            return unique_header(record), row_no
    raise InvalidInput(
        "The file holds no rows", remedy="Send the file again; it may have been cut off.", code="FILE_EMPTY"
    )


def _batches(path: Path, dialect: Dialect, header: tuple[str, ...], header_row_no: int) -> Iterator[Batch]:
    records = _records(path, dialect)
    row_no = sum(1 for _ in islice(records, header_row_no))
    while chunk := list(islice(records, BATCH_ROWS)):
        batch = _batch(header, chunk, row_no + 1)
        row_no += len(chunk)
        if batch.row_count:
            yield batch


def _batch(header: tuple[str, ...], chunk: list[list[str]], first_row_no: int) -> Batch:
    # As a rule every record is as wide as the header and begins with a value: no row is looked at alone.
    if set(map(len, chunk)) == {len(header)} and all(map(itemgetter(0), chunk)):
        columns: list[list[Cell]] = [list(column) for column in zip(*chunk, strict=True)]
        return Batch(header, list(range(first_row_no, first_row_no + len(chunk))), columns)
    rows: list[tuple[int, list[Cell]]] = []
    broken: list[BrokenRow] = []
    for row_no, record in enumerate(chunk, start=first_row_no):
        if not any(cell.strip() for cell in record):
            continue
        fitted = _fit(record, len(header))
        if fitted is None:
            broken.append(_broken(row_no, record, len(header)))
        else:
            rows.append((row_no, fitted))
    return batch_of(header, rows, broken)


def _fit(record: list[str], width: int) -> list[Cell] | None:
    """The record at the header's width; None when it is shorter, or when values stand beyond the header."""
    if len(record) < width or any(cell.strip() for cell in record[width:]):
        return None
    return [*record[:width]]


def _broken(row_no: int, record: list[str], width: int) -> BrokenRow:
    code = "ROW_SHORT" if len(record) < width else "ROW_LONG"
    return BrokenRow(
        row_no, code, _SHORT.format(found=len(record), wanted=width), _REMEDY, {"cells": record[:1000]}
    )
