"""Judges a batch of mapped rows: what may be loaded, and what goes to quarantine with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import orjson
import pyarrow as pa

from ingest.contracts.registry import Contract, Field
from ingest.readers.table import Batch, BrokenRow, Cell
from ingest.validation.columns import judge_column, trimmed
from ingest.validation.dates import DateOrder
from ingest.validation.errors import CellError, RejectedRow
from ingest.validation.records import ChildRow, NestedError, flatten
from ingest.validation.rows import check_rows

OrderOfColumn = Callable[[str], DateOrder]


@dataclass(slots=True)
class MappedBatch:
    """Rows under the contract's column names; `extra` holds the columns it does not know."""

    row_nos: list[int]
    columns: dict[str, Sequence[Cell]]
    extra: dict[str, Sequence[Cell]]
    broken: list[BrokenRow] = field(default_factory=list)


@dataclass(slots=True)
class JudgedBatch:
    """The rows to load, as columns of canonical text, their nested rows, and the refused rows."""

    row_nos: pa.Array
    columns: dict[str, pa.Array]
    extra: list[str | None] | None
    children: list[tuple[int, ChildRow]]
    rejected: list[RejectedRow]


def mapped_as_is(batch: Batch, names: Mapping[str, str]) -> MappedBatch:
    """Rename a batch's columns by `names` (header to field); the others become extra."""
    columns: dict[str, Sequence[Cell]] = {}
    extra: dict[str, Sequence[Cell]] = {}
    for header, values in zip(batch.header, batch.columns, strict=True):
        if header in names:
            columns[names[header]] = values
        else:
            extra[header] = values
    return MappedBatch(batch.row_nos, columns, extra, batch.broken)


def judge(
    contract: Contract, batch: MappedBatch, order_of: OrderOfColumn, unknowable: frozenset[str] = frozenset()
) -> JudgedBatch:
    """Judge every row of a batch. Fields in `unknowable` may be empty: their source does not know them."""
    count = len(batch.row_nos)
    errors: dict[int, list[tuple[str, str | None, CellError]]] = {}
    columns: dict[str, pa.Array] = {}
    for entry in contract.fields:
        if entry.kind in ("record", "records"):
            continue
        raw = batch.columns.get(entry.name)
        array = trimmed(raw if raw is not None else [None] * count)
        judged = judge_column(_relaxed(entry, unknowable), array, partial(order_of, entry.name))
        columns[entry.name] = judged.values
        for position, error in judged.errors.items():
            errors.setdefault(position, []).append((entry.name, raw[position] if raw else None, error))
    children = _judge_nested(contract, batch, columns, errors)
    for position, name, error in check_rows(contract, columns, skip=errors.keys()):
        value = (batch.columns.get(name) or [None] * count)[position]
        errors.setdefault(position, []).append((name, value, error))
    return _divided(batch, columns, children, errors)


def _relaxed(entry: Field, unknowable: frozenset[str]) -> Field:
    if entry.name not in unknowable:
        return entry
    return Field(entry.name, entry.kind, False, entry.description, entry.physical_type, entry.allowed_values)


def _judge_nested(
    contract: Contract,
    batch: MappedBatch,
    columns: dict[str, pa.Array],
    errors: dict[int, list[tuple[str, str | None, CellError]]],
) -> list[list[ChildRow]]:
    nested = [entry for entry in contract.fields if entry.kind in ("record", "records")]
    if not nested:
        return []
    count = len(batch.row_nos)
    keys = {name: columns[name].to_pylist() for name in contract.natural_key}
    flat: dict[str, list[str | None]] = {
        f"{entry.name}_{inner.name}": [None] * count
        for entry in nested
        if entry.kind == "record"
        for inner in entry.fields
    }
    children: list[list[ChildRow]] = [[] for _ in range(count)]
    for position in range(count):
        key = {name: values[position] for name, values in keys.items()}
        for entry in nested:
            try:
                found = flatten(entry, _nested_text(entry, batch, position), key)
            except NestedError as error:
                errors.setdefault(position, []).append((error.path, error.value, error.cause))
                continue
            for name, value in found.columns.items():
                flat[name][position] = value
            children[position].extend(found.children)
    columns.update({name: pa.array(values, pa.string()) for name, values in flat.items()})
    return children


def _nested_text(entry: Field, batch: MappedBatch, position: int) -> str | None:
    """The nested value as JSON text: its own cell, or (for a record) its columns `<name>_<field>`."""
    cell = batch.columns.get(entry.name)
    if cell is not None and cell[position]:
        return cell[position]
    if entry.kind == "record":
        parts = {
            inner.name: batch.columns[f"{entry.name}_{inner.name}"][position]
            for inner in entry.fields
            if f"{entry.name}_{inner.name}" in batch.columns
        }
        return orjson.dumps(parts).decode() if any(parts.values()) else None
    return None


def _divided(
    batch: MappedBatch,
    columns: dict[str, pa.Array],
    children: list[list[ChildRow]],
    errors: dict[int, list[tuple[str, str | None, CellError]]],
) -> JudgedBatch:
    count = len(batch.row_nos)
    rejected = [_rejected_broken(row) for row in batch.broken]
    rejected += [_rejected(batch, position, found) for position, found in sorted(errors.items())]
    keep = np.ones(count, dtype=bool)
    keep[list(errors)] = False
    row_nos = pa.array(batch.row_nos, pa.int64())
    if errors:
        mask = pa.array(keep)
        row_nos = row_nos.filter(mask)
        columns = {name: values.filter(mask) for name, values in columns.items()}
    kept = [position for position in range(count) if keep[position]] if (batch.extra or children) else []
    return JudgedBatch(
        row_nos,
        columns,
        [_extra(batch, position) for position in kept] if batch.extra else None,
        [(batch.row_nos[position], row) for position in kept for row in children[position]]
        if children
        else [],
        rejected,
    )


def _extra(batch: MappedBatch, position: int) -> str | None:
    found = {
        name.replace("\x00", ""): text.replace("\x00", "")
        for name, values in batch.extra.items()
        if (text := values[position])
    }
    return orjson.dumps(found).decode() if found else None


def _rejected(
    batch: MappedBatch, position: int, found: list[tuple[str, str | None, CellError]]
) -> RejectedRow:
    column, value, error = found[0]
    others = "".join(f"; also {name}: {other.code}" for name, _, other in found[1:])
    content: dict[str, object] = {name: values[position] for name, values in batch.columns.items()}
    content |= {name: values[position] for name, values in batch.extra.items() if values[position]}
    return RejectedRow(
        batch.row_nos[position], column, value, error.code, error.fact + others, error.remedy, content
    )


def _rejected_broken(row: BrokenRow) -> RejectedRow:
    return RejectedRow(row.row_no, None, None, row.code, row.fact, row.remedy, row.content)
