"""Fits records and names that do not have the width of their table: only where that is plain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from ingest.readers.dialects import DELIMITERS, Dialect
from ingest.readers.layout import is_numberish
from ingest.readers.table import BrokenRow, Cell
from ingest.readers.tokens import split_line

_SHORT = "The row has {found} cells, the header {wanted}"
_REMEDY = "Quote cells that hold the delimiter or a line break, fill the row up, and send it again."
_LOOKED_AT = 200
Kinds = list[frozenset[str]]


def names(found: list[str], width: int) -> list[str]:
    """The names of a header at the width of its rows, where a delimiter too many or too few stands in it."""
    blanks = [place for place, name in enumerate(found) if not name]
    if 0 < len(found) - width == len(blanks):
        return [name for name in found if name]
    # Two quoted names without the delimiter between them are one name with a quote in it.
    joined = [place for place, name in enumerate(found) if 0 < name.find('"') < len(name) - 1]
    if width == len(found) + 1 and len(joined) == 1 and found[joined[0]].count('"') == 1:
        (place,) = joined
        return [*found[:place], *found[place].split('"'), *found[place + 1 :]]
    return found


def fitted(record: list[str], kinds: Kinds, width: int, dialect: Dialect) -> list[Cell] | None:
    """The cells of a record at the header's width; None when nothing fits exactly."""
    mended = without_a_blank(record, kinds, width)
    if mended is not None:
        return mended
    plain = None if _is_cut_in_quotes(record, width) else _fit(record, width)
    return plain or _written_otherwise(record, width, dialect) or _fit(record, width)


def kinds_of(records: Iterable[Sequence[str]], width: int) -> Kinds:
    """What the cells of each column are, by the first records of that width; empty when they are too few."""
    even = list(islice((cells for cells in records if len(cells) == width), _LOOKED_AT))
    return [frozenset(map(_kind, column)) for column in zip(*even, strict=True)] if len(even) > 2 else []


def without_a_blank(record: Sequence[str], kinds: Kinds, width: int) -> list[Cell] | None:
    """The record without a blank cell where none is blank, if all others then are like those around it."""
    if len(record) != width + 1 or not kinds or all(record) or _is_cut_in_quotes(record, width):
        return None
    found = {
        tuple(cells)
        for place in range(width)
        if not record[place].strip() and "blank" not in kinds[place]
        for cells in [[*record[:place], *record[place + 1 :]]]
        if all(_kind(cell) in kinds[column] for column, cell in enumerate(cells))
    }
    return [*found.pop()] if len(found) == 1 else None


def _kind(cell: str) -> str:
    if not cell.strip():
        return "blank"
    return "number" if is_numberish(cell) else "words"


def _is_cut_in_quotes(record: Sequence[str], width: int) -> bool:
    """A row too long, with a cell that opens a single quote: it may hold the delimiter."""
    return len(record) > width and any(cell.startswith("'") and cell.count("'") == 1 for cell in record)


def _fit(record: list[str], width: int) -> list[Cell] | None:
    """The record at the header's width; None when it is shorter, or when values stand beyond the header."""
    if len(record) < width or any(cell.strip() for cell in record[width:]):
        return None
    return [*record[:width]]


def _written_otherwise(record: list[str], width: int, dialect: Dialect) -> list[Cell] | None:
    """The cells of a row written with another delimiter or quote: only where that fits exactly."""
    # A lone word, as all lines of a file that is no table, is written in no other way either.
    if width < 3 or (len(record) == 1 and record[0].isalnum()):
        return None
    text = dialect.delimiter.join(record)
    others = [delimiter for delimiter in DELIMITERS if delimiter in text and delimiter != dialect.delimiter]
    readings = [
        split_line(text, Dialect(delimiter, quote))
        for delimiter in (dialect.delimiter, *others)
        for quote in ('"', "'")
    ]
    if len(record) < width:
        readings += [text.replace(other, dialect.delimiter).split(dialect.delimiter) for other in others]
    for cells in readings:
        if len(cells) == width:
            return [*cells]
    return None


def broken(row_no: int, record: list[str], width: int) -> BrokenRow:
    """A row that fits in no way, with its cells."""
    code = "ROW_SHORT" if len(record) < width else "ROW_LONG"
    return BrokenRow(
        row_no, code, _SHORT.format(found=len(record), wanted=width), _REMEDY, {"cells": record[:1000]}
    )
