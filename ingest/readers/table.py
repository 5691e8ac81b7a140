"""What a reader hands on: documents of tables, tables of batches, and the rows that could not be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

BATCH_ROWS = 20_000
Cell = str | None
# Letters of other scripts stay: a header in Hindi is a name as well.
_NO_LETTER = re.compile(r"[^a-z0-9\u00c0-\u1fff\u2070-\U0010ffff]+")


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row whose cells cannot be told apart: where it is, what is wrong, what it holds."""

    row_no: int
    code: str
    fact: str
    remedy: str
    content: dict[str, object]


@dataclass(slots=True)
class Batch:
    """Some rows of one table, column by column, as text. `row_nos` are the sheet's own numbers."""

    header: tuple[str, ...]
    row_nos: list[int]
    columns: Sequence[Sequence[Cell]]
    broken: list[BrokenRow] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """Rows in this batch, broken ones included."""
        return len(self.row_nos) + len(self.broken)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a document. `batches()` reads it from the start, each time it is called.

    `whole`: the nested document that wraps its rows, as a table of one object.
    """

    sheet_name: str | None
    header: tuple[str, ...]
    header_row_no: int | None
    batches: Callable[[], Iterator[Batch]]
    whole: Table | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about how a document was read."""

    code: str
    fact: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was understood: its format, its dialect, its tables and what stood out."""

    format_name: str
    dialect: dict[str, str]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()


def unique_header(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Column names; a nameless one is called by its place, a repeated one is marked `#2`."""
    names = [(cell or "").strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    seen: Counter[str] = Counter()
    header: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = name or f"column {place}"
        seen[plain] += 1
        header.append(plain if seen[plain] == 1 else f"{plain}#{seen[plain]}")
    return tuple(header)


def normal_form(header: str) -> str:
    """A column's name in lower case, words joined by `_`: what stays the same when only its dress changes."""
    return _NO_LETTER.sub("_", header.strip().lstrip("\ufeff").lower()).strip("_")


def batch_of(
    header: tuple[str, ...], numbered: list[tuple[int, list[Cell]]], broken: list[BrokenRow]
) -> Batch:
    """Turn rows of equal width into a batch of columns."""
    columns: list[list[Cell]] = [list(column) for column in zip(*(row for _, row in numbered), strict=True)]
    if not numbered:
        columns = [[] for _ in header]
    return Batch(header, [row_no for row_no, _ in numbered], columns, broken)
