"""Nested documents as tables of their lines: each line is a row, with what stands above it beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import orjson

from ingest.readers.jsonl import text_of
from ingest.readers.table import Batch, BrokenRow, Cell, Table, batch_of, normal_form
from ingest.sources.bodies import Body, bodies_of, entries

MAX_DEPTH = 12
# Of a file of many documents only the first are asked whether they have lines.
_LOOKED_AT = 20
_REMEDY = "Send the document with its lines."


def unfolded(table: Table, lines: Sequence[str]) -> Table | None:
    """The lines under any of these names, over all objects of a table; None when there are none of them.

    A line's own values win over those of the same name above it, which are kept as `above_<name>`.
    """
    names = frozenset(normal_form(name) for name in lines)
    first = islice((body for batch in table.batches() for _, body in bodies_of(batch)), _LOOKED_AT)
    if not any(row for body in first for row in _lines(body, names, {}, 0)):
        return None
    header: dict[str, None] = {}
    for batch in table.batches():
        for _, body in bodies_of(batch):
            for row in _lines(body, names, {}, 0):
                header.update(dict.fromkeys(row))
    return Table(table.sheet_name, tuple(header), None, lambda: _batches(table, tuple(header), names))


def _batches(table: Table, header: tuple[str, ...], names: frozenset[str]) -> Iterator[Batch]:
    row_no = 0
    for batch in table.batches():
        rows: list[tuple[int, list[Cell]]] = []
        broken: list[BrokenRow] = []
        for entry in batch.broken:
            row_no += 1
            broken.append(BrokenRow(row_no, entry.code, entry.fact, entry.remedy, entry.content))
        for place, body in bodies_of(batch):
            found = list(_lines(body, names, {}, 0))
            for row in found:
                row_no += 1
                rows.append((row_no, [text_of(row.get(name)) for name in header]))
            if not found:
                row_no += 1
                broken.append(_without_lines(row_no, place, body))
        yield batch_of(header, rows, broken)


def _without_lines(row_no: int, place: int, body: Body) -> BrokenRow:
    content: dict[str, object] = {"document": orjson.dumps(body).decode()[:10_000]}
    fact = f"Object {place} of the file holds no lines of goods"
    return BrokenRow(row_no, "LINES_MISSING", fact, _REMEDY, content)


def _lines(found: Any, names: frozenset[str], above: Body, depth: int) -> Iterator[Body]:
    """Walk down to the lines, with the plain values on the way."""
    if depth > MAX_DEPTH:
        return
    if isinstance(found, list):
        for entry in found:
            yield from _lines(entry, names, above, depth + 1)
        return
    if not isinstance(found, dict):
        return
    here = {**above, **{name: value for name, value in found.items() if not isinstance(value, dict | list)}}
    of_lines = [name for name in found if normal_form(name) in names]
    for name in of_lines:
        for line in entries(found[name]):
            yield {**_kept_above(here, line), **line}
    if of_lines and not any(entries(found[name]) for name in of_lines):
        # A document without lines is a row without goods: refused by name, not lost.
        yield here
    if not of_lines:
        for value in found.values():
            yield from _lines(value, names, here, depth + 1)


def _kept_above(above: Body, line: Body) -> Body:
    return {f"above_{name}" if name in line else name: value for name, value in above.items()}
