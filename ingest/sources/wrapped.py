"""Rows that a document wraps: the lists within its outer objects, and the plain values beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.jsonl import text_of
from ingest.readers.table import Batch, Document, Finding, Table

Body = dict[str, Any]
Batches = Callable[[list[Any]], Iterator[Batch]]
MAX_NAMED = 20
_MAX_VALUE = 80


@dataclass(slots=True)
class Wrapped:
    """Lists by the path to them, and what stands beside them."""

    lists: list[tuple[tuple[str, ...], list[Any]]] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)


def wrapped_in(body: Body, depth: int) -> Wrapped:
    """The lists of objects within a document, at most so deep, never within one another."""
    found = Wrapped()
    _walk(body, (), depth, found)
    return found


def _walk(body: Body, path: tuple[str, ...], depth: int, found: Wrapped) -> None:
    for name, value in body.items():
        here = (*path, name)
        if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
            found.lists.append((here, value))
        elif isinstance(value, dict) and len(here) < depth:
            _walk(value, here, depth, found)
        elif value is not None:
            found.beside.append((".".join(here), text_of(value) or ""))


def document_of(whole: Document, found: Wrapped, batches_of: Batches) -> Document:
    """A document of the lists' rows; each table remembers the whole, for sources that know it as such."""
    (one,) = whole.tables
    tables = tuple(
        Table(
            path[-1] if len(found.lists) > 1 else None,
            tuple(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row)),
            None,
            lambda rows=rows: batches_of(rows),  # type: ignore[misc]
            one,
        )
        for path, rows in found.lists
    )
    paths = ", ".join(".".join(path) for path, _ in found.lists)
    findings = [*whole.findings, Finding("ROWS_WITHIN", f"The rows are those of {paths}")]
    if found.beside:
        named = "; ".join(f"{name} {value[:_MAX_VALUE]}" for name, value in found.beside[:MAX_NAMED])
        more = len(found.beside) - MAX_NAMED
        said = f"{named}; and {more} more" if more > 0 else named
        findings.append(Finding("VALUES_BESIDE_ROWS", f"Beside the rows stand {said}"))
    return Document(whole.format_name, {**whole.dialect, "rows": paths}, tables, tuple(findings))
