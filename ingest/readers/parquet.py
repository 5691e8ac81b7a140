"""Reads Parquet as a stream of batches of text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.readers.jsonl import text_of
from ingest.readers.table import BATCH_ROWS, Batch, Cell, Document, Table
from rtv_core.errors import InvalidInput

# What pyarrow raises for damaged bytes, text that is no UTF-8 among them.
_UNREADABLE = (pa.ArrowException, OSError, ValueError, NotImplementedError)


def read_parquet(path: Path) -> Document:
    """Understand a Parquet file; its rows are numbered from 1."""
    try:
        with pq.ParquetFile(path) as file:
            header = tuple(file.schema_arrow.names)
            created_by = file.metadata.created_by or ""
    except _UNREADABLE as error:
        raise _unreadable(error) from error
    return Document(
        "parquet", {"created_by": created_by}, (Table(None, header, None, lambda: _batches(path, header)),)
    )


def _batches(path: Path, header: tuple[str, ...]) -> Iterator[Batch]:
    row_no = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                columns = [_texts(batch.column(name)) for name in range(len(header))]
                yield Batch(header, list(range(row_no + 1, row_no + batch.num_rows + 1)), columns)
                row_no += batch.num_rows
    except _UNREADABLE as error:
        raise _unreadable(error) from error


def _texts(column: pa.Array) -> list[Cell]:
    kind = column.type
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
