"""CSV and Parquet for machines: the mart's columns and units as they are, never whole in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from rtv_core.exports.cells import csv_cell, plain
from rtv_core.warehouse.marts.export import MartColumn

_TYPES = {
    "bigint": pa.int64(),
    "integer": pa.int64(),
    "smallint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "double precision": pa.float64(),
    "real": pa.float64(),
    "timestamp with time zone": pa.timestamp("us", tz="UTC"),
    "timestamp without time zone": pa.timestamp("us"),
}


def write_csv(path: Path, columns: Sequence[MartColumn], batches: Iterable[Sequence[Sequence[Any]]]) -> int:
    """UTF-8, comma, CRLF, header first, as RFC 4180 has it; how many rows it holds."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow([column.column_name for column in columns])
        for batch in batches:
            writer.writerows([csv_cell(value) for value in row] for row in batch)
            count += len(batch)
    return count


def _parquet_type(column: MartColumn) -> pa.DataType:
    if column.data_type.startswith("numeric"):
        return pa.decimal128(38, 9)
    return _TYPES.get(column.data_type, pa.string())


def _fit(value: Any, kind: pa.DataType) -> Any:
    value = plain(value)
    if value is not None and pa.types.is_string(kind):
        return str(value)
    if isinstance(value, Decimal) and pa.types.is_decimal(kind):
        return value.quantize(Decimal("1e-9"))
    return value


def write_parquet(
    path: Path, columns: Sequence[MartColumn], batches: Iterable[Sequence[Sequence[Any]]]
) -> int:
    """One row group a batch, with the columns' meanings as metadata; how many rows it holds."""
    kinds = [_parquet_type(column) for column in columns]
    schema = pa.schema(
        [
            pa.field(column.column_name, kind, metadata={"description": column.description or ""})
            for column, kind in zip(columns, kinds, strict=True)
        ]
    )
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            arrays = [
                pa.array([_fit(row[position], kind) for row in batch], type=kind)
                for position, kind in enumerate(kinds)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count
