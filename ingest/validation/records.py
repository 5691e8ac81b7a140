"""Judges records nested in a cell as JSON, and flattens them into rows of child tables."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ingest.contracts.registry import Field
from ingest.readers.jsonl import text_of
from ingest.validation.cells import read_cell
from ingest.validation.dates import DateOrder
from ingest.validation.errors import CellError

MAX_RECORDS = 10_000
Values = dict[str, str | None]


@dataclass(slots=True)
class NestedError(Exception):
    """Where in the nested records something is wrong, and what."""

    path: str
    value: str | None
    cause: CellError


@dataclass(slots=True)
class ChildRow:
    """One row of a child table; `position` orders it within its parent."""

    table: str
    position: int
    values: Values


@dataclass(slots=True)
class Flattened:
    """What one cell with nested records becomes: columns of the parent, rows of children."""

    columns: Values = field(default_factory=dict)
    children: list[ChildRow] = field(default_factory=list)


def flatten(entry: Field, text: str | None, parent_key: Values) -> Flattened:
    """Judge the nested value of one field. Raises `NestedError`."""
    found = Flattened()
    if text is None and entry.required:
        raise NestedError(entry.name, None, CellError("REQUIRED_MISSING", f"{entry.name} is empty"))
    if text is None:
        return found
    value = _parsed(entry, text)
    if entry.kind == "record":
        record = _object(entry.name, value)
        for inner in entry.fields:
            found.columns[f"{entry.name}_{inner.name}"] = _value(f"{entry.name}.{inner.name}", inner, record)
    else:
        _collect(entry, entry.name, value, parent_key, found.children)
    return found


def _parsed(entry: Field, text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise NestedError(
            entry.name, text[:200], CellError("RECORDS_INVALID", f"The cell is no JSON: {error}")
        ) from None


def _object(path: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NestedError(path, str(value)[:200], CellError("RECORDS_INVALID", f"{path} is no JSON object"))
    return value


def _value(path: str, field_: Field, record: dict[str, Any]) -> str | None:
    cell = text_of(record.get(field_.name))
    text = cell.strip() if cell else None
    try:
        read = read_cell(field_, text, lambda: DateOrder.UNPROVEN) if text else None
    except CellError as error:
        raise NestedError(path, cell, error) from None
    if read is None and field_.required:
        raise NestedError(path, cell, CellError("REQUIRED_MISSING", f"{path} is empty"))
    return read


def _collect(entry: Field, path: str, value: Any, parent_key: Values, into: list[ChildRow]) -> None:
    if value is None:
        return
    if not isinstance(value, list) or len(value) > MAX_RECORDS:
        raise NestedError(
            path, str(value)[:200], CellError("RECORDS_INVALID", f"{path} is no list of records")
        )
    seen: set[tuple[str | None, ...]] = set()
    keys = [inner.name for inner in entry.fields if inner.key_position]
    for number, item in enumerate(value):
        here = f"{path}[{number}]"
        record = _object(here, item)
        own = {f.name: _value(f"{here}.{f.name}", f, record) for f in entry.fields if f.kind != "records"}
        key = tuple(own[name] for name in keys)
        if keys and key in seen:
            raise NestedError(
                here, None, CellError("RECORDS_INVALID", f"{here} repeats {', '.join(keys)} {key}")
            )
        seen.add(key)
        table = entry.child_table or entry.name
        into.append(ChildRow(table, sum(row.table == table for row in into) + 1, parent_key | own))
        passed_on = parent_key | {name: own[name] for name in keys if name == "item_no"}
        for inner in entry.fields:
            if inner.kind == "records":
                _collect(inner, f"{here}.{inner.name}", _inner_value(record.get(inner.name)), passed_on, into)


def _inner_value(value: Any) -> Any:
    return [] if value is None else value
