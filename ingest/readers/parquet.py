"""Reads Parquet as a stream of batches of text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.readers.jsonl import text_of
from ingest.readers.packed import MAX_RATIO, MAX_UNPACKED_BYTES
from ingest.readers.table import BATCH_ROWS, Batch, Cell, Document, Table
from rtv_core.errors import InvalidInput

_MAX_TEXT_BYTES = 32 * 1024**2
# What pyarrow raises for damaged bytes, text that is no UTF-8 among them.
_UNREADABLE = (pa.ArrowException, OSError, ValueError, NotImplementedError)


def read_parquet(path: Path) -> Document:
    """Understand a Parquet file; its rows are numbered from 1."""
    try:
        with pq.ParquetFile(path) as file:
            header = tuple(file.schema_arrow.names)
            created_by = file.metadata.created_by or ""
            _require_bounded(file.metadata, path.stat().st_size)
    except _UNREADABLE as error:
        raise _unreadable(error) from error
    return Document(
        "parquet", {"created_by": created_by}, (Table(None, header, None, lambda: _batches(path, header)),)
    )


def _batches(path: Path, header: tuple[str, ...]) -> Iterator[Batch]:
    row_no = 0
    try:
        with pq.ParquetFile(path) as file:
            texts = [entry.name for entry in file.schema_arrow if pa.types.is_string(entry.type)]
        # One text in very many rows is a few bytes in the file: it stays one until it is told how much it is.
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            for batch in _in_parts(file.iter_batches(batch_size=BATCH_ROWS)):
                columns = [_texts(batch.column(name)) for name in range(len(header))]
                yield Batch(header, list(range(row_no + 1, row_no + batch.num_rows + 1)), columns)
                row_no += batch.num_rows
    except _UNREADABLE as error:
        raise _unreadable(error) from error


def _in_parts(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows in order, in batches whose texts are no larger than `_MAX_TEXT_BYTES`, or of one row."""
    for batch in batches:
        if batch.num_rows < 2 or _text_bytes(batch) <= _MAX_TEXT_BYTES:
            yield batch
        else:
            half = batch.num_rows // 2
            yield from _in_parts(iter((batch.slice(0, half), batch.slice(half))))


def _text_bytes(batch: pa.RecordBatch) -> int:
    coded = [column for column in batch.columns if pa.types.is_dictionary(column.type)]
    return sum(
        pc.sum(pc.binary_length(column.dictionary).cast(pa.int64()).take(column.indices)).as_py() or 0
        for column in coded
    )


def _require_bounded(metadata: pq.FileMetaData, size_bytes: int) -> None:
    """What the file says it unpacks to has to be in proportion to what it is."""
    unpacked = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if unpacked > MAX_UNPACKED_BYTES and unpacked > MAX_RATIO * size_bytes:
        raise InvalidInput(
            f"The Parquet file would unpack to {unpacked} bytes",
            remedy="Write it in several files.",
            code="ARCHIVE_TOO_LARGE",
        )


def _texts(column: pa.Array) -> list[Cell]:
    kind = column.type
    if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
        # Each text is made once, however many rows hold it.
        known = [*column.dictionary.to_pylist(), None]
        return [known[place] for place in column.indices.fill_null(len(known) - 1).to_pylist()]
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts: list[Cell] = column.to_pylist()
        return texts
    if pa.types.is_integer(kind) or pa.types.is_date(kind) or pa.types.is_decimal(kind):
        return [None if value is None else str(value) for value in column.to_pylist()]
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return None if math.isnan(value) else (str(int(value)) if value.is_integer() else repr(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return text_of(value) if isinstance(value, str | bool | list | dict | None) else str(value)


def _unreadable(error: Exception) -> InvalidInput:
    return InvalidInput(
        f"The Parquet file cannot be read: {error}",
        remedy="Write the file again; it may have been cut off.",
        code="FILE_UNREADABLE",
    )
