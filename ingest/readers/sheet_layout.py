"""Where the tables of a sheet are: rows are as wide as the sheet, and tables may stand over one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from ingest.readers.delimited import header_of
from ingest.readers.layout import Placed, filled_width, find_tables, is_name, is_numberish
from ingest.readers.table import BATCH_ROWS, Batch, BrokenRow, Cell, Finding, Table, batch_of

_LEAST_ROWS = 2
_REMEDY = "Give every column a heading."


def laid_out(name: str, records: list[list[str]]) -> tuple[list[Table], list[Finding]]:
    """The tables of a sheet that is held as a whole, and what stands around them."""
    tables: list[Table] = []
    findings: list[Finding] = []
    placed = [_named_once(records, one) for one in find_sheet_tables(records)]
    for number, one in enumerate(placed, start=1):
        title = name if len(placed) == 1 else f"{name} table {number}"
        header = header_of(records, one)
        tables.append(
            Table(
                title,
                header,
                one.header[0] + 1 if one.header else None,
                partial(_batches, records, one, header),
            )
        )
        if one.above and one.header:
            said = f"Sheet {title}: the rows above row {one.header[0] + 1} are left out"
            findings.append(Finding("LINES_ABOVE_TABLE", said))
        if one.below:
            said = "; ".join(" ".join(filter(None, records[place]))[:80] for place in one.below[:3])
            rows = ", ".join(str(place + 1) for place in one.below[:5])
            findings.append(
                Finding("LINES_BELOW_TABLE", f"Sheet {title}: left out below, row {rows}: {said}")
            )
        if not one.header:
            said = f"Sheet {title}: no row names the columns, they are called by their place"
            findings.append(Finding("HEADER_ABSENT", said))
        again = [str(place + 1) for place in one.rows if _is_header_again(records[place], header)]
        if again:
            said = f"Sheet {title}: left out as the header again: row {', '.join(again[:20])}"
            findings.append(Finding("HEADER_REPEATED", said))
    return tables, findings


def _named_once(records: list[list[str]], placed: Placed) -> Placed:
    """Rows of names that say the same are one row of names; the others are it again."""
    if len(placed.header) < 2 or any(records[place] != records[placed.header[0]] for place in placed.header):
        return placed
    return replace(placed, header=placed.header[:1], rows=range(placed.header[1], placed.rows.stop))


def _is_header_again(cells: Sequence[str], header: tuple[str, ...]) -> bool:
    return len(header) > 1 and tuple(cells[: len(header)]) == header and not any(cells[len(header) :])


def _batches(records: list[list[str]], placed: Placed, header: tuple[str, ...]) -> Iterator[Batch]:
    width = len(header)
    for start in range(placed.rows.start, placed.rows.stop, BATCH_ROWS):
        rows: list[tuple[int, list[Cell]]] = []
        broken: list[BrokenRow] = []
        for place in range(start, min(start + BATCH_ROWS, placed.rows.stop)):
            cells = records[place]
            if any(cells[width:]):
                fact = f"The row has cells beyond the {width} columns of the header"
                content: dict[str, object] = {"cells": [cell or None for cell in cells]}
                broken.append(BrokenRow(place + 1, "ROW_LONG", fact, _REMEDY, content))
            elif any(cells) and not _is_header_again(cells, header):
                rows.append((place + 1, [cell or None for cell in cells[:width]]))
        if rows or broken:
            yield batch_of(header, rows, broken)


def find_sheet_tables(records: Sequence[Sequence[str]]) -> list[Placed]:
    """The tables of a sheet from its top."""
    widths = [filled_width(cells) for cells in records]
    starts = _starts(records, widths)
    found: list[Placed] = []
    for start, stop in pairwise([*starts, len(records)]):
        width = max(widths[start:stop], default=0)
        found += [
            Placed(
                tuple(place + start for place in one.header),
                range(one.rows.start + start, one.rows.stop + start),
                tuple(place + start for place in one.above),
                tuple(place + start for place in one.below),
            )
            for one in find_tables([cells[:width] for cells in records[start:stop]])
        ]
    return found


def _starts(records: Sequence[Sequence[str]], widths: list[int]) -> list[int]:
    """The first row of each table: for all but the first, the row that names its columns."""
    starts, header = [0], None
    for place in range(len(records) - _LEAST_ROWS):
        if not _are_names(records, widths, place):
            continue
        if header is None:
            header = place
            continue
        is_apart = widths[place - 1] <= 1 or sum(map(bool, records[place - 1])) == 1
        is_other = list(records[place]) != list(records[header])
        if is_other and place - header > _LEAST_ROWS and (is_apart or widths[place] != widths[header]):
            starts.append(place)
            header = place
    return starts


def _are_names(records: Sequence[Sequence[str]], widths: list[int], place: int) -> bool:
    """Whether a row holds words without a gap, all different, over rows as wide with a column of numbers."""
    width = widths[place]
    names = [cell for cell in records[place] if cell.strip()]
    below = range(place + 1, place + 1 + _LEAST_ROWS)
    if len(names) < 2 or len(set(names)) < len(names) or not all(map(is_name, names)):
        return False
    if any(not 1 < widths[row] <= width for row in below) or not all(
        records[place][width - len(names) : width]
    ):
        return False
    return any(all(is_numberish(records[row][column]) for row in below) for column in range(width))
