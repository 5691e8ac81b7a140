"""Streams the records of a delimited file too long to be laid out as a whole, batch by batch."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ingest.readers import fitting
from ingest.readers.dialects import Dialect
from ingest.readers.plain_blocks import stretches
from ingest.readers.table import BATCH_ROWS, Batch, BrokenRow, Cell, batch_of
from ingest.readers.text_column import TextColumn, cell_lengths
from ingest.readers.tokens import MAX_CELL_CHARACTERS, split_stream
from rtv_core.errors import InvalidInput

# So many rows of another width, and hardly one that fits, are no table: they are not quarantined one by one.
MAX_UNFIT_ROWS = 100_000
_UNFIT_SHARE = 0.99


def reader_of(stream: io.TextIOBase | io.TextIOWrapper, dialect: Dialect) -> Iterator[list[str]]:
    """The standard library's reader of a dialect."""
    return csv.reader(
        stream,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
    )


def _streamed_records(path: Path, encoding: str, dialect: Dialect) -> Iterator[list[str]]:
    # The standard library's reader knows no delimiter of two letters, and drops every backslash.
    is_special = len(dialect.delimiter) != 1 or dialect.escape is not None
    with path.open("r", encoding=encoding, newline="") as stream:
        yield from split_stream(stream, dialect) if is_special else reader_of(stream, dialect)


def streamed_batches(
    path: Path, encoding: str, dialect: Dialect, header: tuple[str, ...], skipped: int
) -> Iterator[Batch]:
    """The rows behind the first `skipped` records. Raises `InvalidInput` where there are none."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    is_one_byte = len(dialect.delimiter) == 1 and dialect.delimiter.isascii() and dialect.escape is None
    by_block = encoding in ("utf-8", "utf-8-sig") and is_one_byte
    try:
        yield from _fitting((_by_block if by_block else _by_record)(path, encoding, dialect, header, skipped))
    except UnicodeError as error:
        raise InvalidInput(
            f"The text is no sound {encoding}: {error}",
            remedy="Save the file as UTF-8 and send it again.",
            code="ENCODING_INVALID",
        ) from error
    except csv.Error as error:
        raise InvalidInput(
            f"The text cannot be split into rows: {error}",
            remedy="Look for a quote that is never closed; save the file as CSV again.",
            code="CSV_INVALID",
        ) from error


def _fitting(batches: Iterator[Batch]) -> Iterator[Batch]:
    rows = unfit = 0
    for batch in batches:
        rows, unfit = rows + batch.row_count, unfit + len(batch.broken)
        if unfit > MAX_UNFIT_ROWS and unfit > _UNFIT_SHARE * rows:
            raise InvalidInput(
                f"Of the first {rows} rows {unfit} have not as many cells as the header",
                remedy="Look whether the table was cut off, or another delimiter is used; send it again.",
                code="ROWS_DO_NOT_FIT",
            )
        yield batch


def _by_record(
    path: Path, encoding: str, dialect: Dialect, header: tuple[str, ...], skipped: int
) -> Iterator[Batch]:
    records = _streamed_records(path, encoding, dialect)
    row_no = sum(1 for _ in islice(records, skipped))
    while chunk := list(islice(records, BATCH_ROWS)):
        batch = batch_of_records(header, chunk, row_no + 1, dialect)
        row_no += len(chunk)
        if batch.row_count:
            yield batch


def _by_block(
    path: Path, encoding: str, dialect: Dialect, header: tuple[str, ...], skipped: int
) -> Iterator[Batch]:
    row_no = 0
    for stretch in stretches(path, encoding, dialect, len(header), skipped):
        if stretch.columns:
            batch = _batch_of_columns(header, stretch.columns, row_no + 1, dialect)
        else:
            batch = batch_of_records(header, stretch.records, row_no + 1, dialect)
        row_no += stretch.row_count
        if batch.row_count:
            yield batch


def _batch_of_columns(
    header: tuple[str, ...], columns: list[pa.Array], first_row_no: int, dialect: Dialect
) -> Batch:
    count = len(columns[0])
    first = pc.utf8_trim_whitespace(columns[0])
    if cell_lengths(first).all() and not pc.any(pc.equal(first, header[0])).as_py():
        return Batch(header, list(range(first_row_no, first_row_no + count)), [*map(TextColumn, columns)])
    # A row without its first cell may be blank, one that begins with a name the header again.
    records = [list(cells) for cells in zip(*(column.to_pylist() for column in columns), strict=True)]
    return batch_of_records(header, records, first_row_no, dialect)


def batch_of_records(
    header: tuple[str, ...],
    chunk: list[list[str]],
    first_row_no: int,
    dialect: Dialect,
    kinds: fitting.Kinds | None = None,
) -> Batch:
    """Records as a batch; those that fit the header in no way are broken rows."""
    # As a rule every record is as wide as the header and begins with a value: no row is looked at alone.
    is_even = set(map(len, chunk)) == {len(header)} and all(map(str.strip, map(itemgetter(0), chunk)))
    if is_even and header[0] not in map(itemgetter(0), chunk):
        columns: list[list[Cell]] = [list(column) for column in zip(*chunk, strict=True)]
        return Batch(header, list(range(first_row_no, first_row_no + len(chunk))), columns)
    rows: list[tuple[int, list[Cell]]] = []
    broken: list[BrokenRow] = []
    for row_no, record in enumerate(chunk, start=first_row_no):
        if not any(cell.strip() for cell in record):
            continue
        if is_header_again(record, header):
            continue
        fitted = fitting.fitted(record, kinds or [], len(header), dialect)
        if fitted is None:
            broken.append(fitting.broken(row_no, record, len(header)))
        else:
            rows.append((row_no, fitted))
    return batch_of(header, rows, broken)


def is_header_again(record: Sequence[str], header: tuple[str, ...]) -> bool:
    """Files that were put one behind the other repeat their header."""
    return record[0] == header[0] and len(record) > 1 and tuple(cell.strip() for cell in record) == header
