"""Tables whose first rows are titles: the header is the first row that a source knows as its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from ingest.readers.table import Batch, BrokenRow, Cell, Table, batch_of, unique_header

_LOOKED_AT = 15
Record = tuple[int, list[Cell]]


def below_titles(table: Table, is_header: Callable[[tuple[str, ...]], bool]) -> Table | None:
    """The table under its titles; the table itself when its header is known, None when no row is one."""
    if is_header(table.header):
        return table
    for row_no, cells in islice(_records(next(table.batches(), None), _LOOKED_AT), _LOOKED_AT):
        header = unique_header(cells)
        if header and is_header(header):
            return _under(table, header, row_no)
    return None


def named_once(table: Table) -> Table | None:
    """The table of a file whose row of names stands twice, so that each name is joined with itself."""
    halves = [name.split(" ") for name in table.header]
    if not all(len(words) % 2 == 0 and words[: len(words) // 2] * 2 == words for words in halves):
        return None
    header = unique_header([" ".join(words[: len(words) // 2]) for words in halves])

    def batches() -> Iterator[Batch]:
        for batch in table.batches():
            yield Batch(header, batch.row_nos, batch.columns, batch.broken)

    return Table(table.sheet_name, header, table.header_row_no, batches) if header else None


def _under(table: Table, header: tuple[str, ...], header_row_no: int) -> Table:
    return Table(table.sheet_name, header, header_row_no, lambda: _batches(table, header, header_row_no))


def _records(batch: Batch | None, most: int | None = None) -> Iterator[Record]:
    """The first rows of a batch (or all) in their order, also those that a title's width made too long."""
    if batch is None:
        return
    head = [column[:most] for column in batch.columns]
    sound = [
        (row_no, [column[place] for column in head]) for place, row_no in enumerate(batch.row_nos[:most])
    ]
    wide = [(entry.row_no, cells) for entry in batch.broken if (cells := _cells(entry)) is not None]
    yield from sorted([*sound, *wide], key=lambda record: record[0])


def _cells(entry: BrokenRow) -> list[Cell] | None:
    found = entry.content.get("cells")
    return [None if cell is None else str(cell) for cell in found] if isinstance(found, list) else None


def _batches(table: Table, header: tuple[str, ...], header_row_no: int) -> Iterator[Batch]:
    width = len(header)
    for batch in table.batches():
        rows: list[Record] = []
        broken = [entry for entry in batch.broken if _cells(entry) is None]
        for row_no, cells in _records(batch):
            if row_no <= header_row_no or not any(cells):
                continue
            if any(cells[width:]):
                broken.append(_too_long(row_no, cells, width))
            else:
                rows.append((row_no, [*cells, *[None] * (width - len(cells))][:width]))
        yield batch_of(header, rows, broken)


def _too_long(row_no: int, cells: list[Cell], width: int) -> BrokenRow:
    fact = f"The row has cells beyond the {width} columns of the header"
    return BrokenRow(row_no, "ROW_LONG", fact, "Give every column a heading.", {"cells": list(cells)})
