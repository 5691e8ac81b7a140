"""Where the tables of a text are: header rows, what stands above and below, what was written otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_NUMBERISH = re.compile(r"\s*[-+]?(?:[A-Z]{3}\s|[$€£¥₹]\s?)?[\d.,:/%\s-]*\d[\d.,:/%\s-]*\Z")
# A cell longer than this is no number, and is not searched for one.
_MAX_NUMBER = 80
_FOOT = re.compile(
    r"\s*(?:grand\s+)?totals?\b|\s*sub-?totals?\b|\s*(?:note|notes|source|generated|printed|prepared|disclaimer|"
    r"end of|report|page|\*|\(|©|--|==)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\s*(?:grand\s+)?totals?\b", re.IGNORECASE)


# What stands where a value is lacking is no name of a column.
_LACKING = re.compile(
    r"\s*(?:n\.?\s?/?\s?a\.?|none|null|nil|nan|no|yes|unknown|missing|pending|lost|tb[acd]|error|\W*)\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A table among records: its header's records, its rows, the records around it; places from 0."""

    header: tuple[int, ...]
    rows: range
    above: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


def find_tables(records: Sequence[Sequence[str]]) -> list[Placed]:
    """The tables of a text. One without any record of several cells is a table of one column."""
    filled = [place for place, cells in enumerate(records) if any(cell.strip() for cell in cells)]
    if not filled:
        return []
    found = [_table(records, block) for block in _blocks(records, filled)]
    return [placed for placed in found if placed is not None]


def is_numberish(cell: str) -> bool:
    """Whether a cell holds a number, an amount, a date or a time."""
    return len(cell) <= _MAX_NUMBER and bool(_NUMBERISH.match(cell))


def is_name(cell: str) -> bool:
    """Whether a cell may name a column: words, and no word for a value that is lacking."""
    return not is_numberish(cell) and not _LACKING.match(cell)


def filled_width(cells: Sequence[str]) -> int:
    """The cells up to the last that holds something; of an even row all count."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _blocks(records: Sequence[Sequence[str]], filled: list[int]) -> list[list[int]]:
    """Records between empty ones, as one block unless two neighbours are tables of their own."""
    blocks: list[list[int]] = [[]]
    last = filled[0]
    for place in filled:
        if place - last > 1 and blocks[-1]:
            blocks.append([])
        blocks[-1].append(place)
        last = place
    shapes = [_shape(records, block) for block in blocks]
    joined: list[list[int]] = []
    widths: list[int | None] = []
    for block, shape in zip(blocks, shapes, strict=True):
        is_own = shape is not None and bool(widths) and widths[-1] is not None and shape != widths[-1]
        if not joined or is_own:
            joined.append(list(block))
            widths.append(shape)
            continue
        joined[-1] += block
        widths[-1] = shape if widths[-1] is None else widths[-1]
    return [part for block in joined for part in _stacked(records, block)]


def _stacked(records: Sequence[Sequence[str]], block: list[int]) -> list[list[int]]:
    """The tables of a block that stand right below one another: each begins with a row of other names."""
    starts = [0]
    for number in range(3, len(block) - 2):
        if number - starts[-1] > 2 and _begins_another(records, block, number, block[starts[-1]]):
            starts.append(number)
    return [block[start:stop] for start, stop in pairwise([*starts, len(block)])]


def _begins_another(
    records: Sequence[Sequence[str]], block: list[int], number: int, header_place: int
) -> bool:
    """Whether names stand here over even rows with numbers, other ones than those of the table so far."""
    names, below = records[block[number]], [records[place] for place in block[number + 1 : number + 3]]
    above = [records[place] for place in block[number - 2 : number]]
    width = len(names)
    if width < 2 or {len(cells) for cells in below} != {width} or len({len(cells) for cells in above}) > 1:
        return False
    if not all(map(is_name, names)) or len(set(names)) < width:
        return False
    is_other_width = len(above[0]) != width
    around = below if is_other_width else [*above, *below]
    numeric = sum(all(is_numberish(cells[column]) for cells in around) for column in range(width))
    return numeric >= (1 if is_other_width else 2) and list(names) != list(records[header_place])


def _shape(records: Sequence[Sequence[str]], block: list[int]) -> int | None:
    """The width of a block that is a table by itself: several records, all alike, of several cells."""
    widths = {len(records[place]) for place in block}
    return widths.pop() if len(block) > 2 and len(widths) == 1 and max(widths, default=0) > 1 else None


def _table(records: Sequence[Sequence[str]], block: list[int]) -> Placed | None:
    common = _common_width(records, block)
    start = next((n for n, place in enumerate(block) if _begins(records, block, n, common)), 0)
    stop = len(block)
    while stop > start + 2 and _is_foot(records[block[stop - 1]], common, block, stop):
        stop -= 1
    body = block[start:stop]
    heads = _header_rows(records, body, common)
    header = tuple(body[:heads])
    rows = range(body[heads] if len(body) > heads else body[-1] + 1, body[-1] + 1)
    return Placed(header, rows, tuple(block[:start]), tuple(block[stop:]))


def _common_width(records: Sequence[Sequence[str]], block: list[int]) -> int:
    counted = Counter(len(records[place]) for place in block)
    return max(counted, key=lambda width: (counted[width] * (width > 1), counted[width], width))


def _begins(records: Sequence[Sequence[str]], block: list[int], number: int, common: int) -> bool:
    """Whether a table of that width begins here: not a title above it, padded or not."""
    cells = records[block[number]]
    if common <= 1:
        return True
    width = filled_width(cells)
    if len(cells) < common and number < len(block) - 1:
        # A header may lack a name or two; a title has one or two cells.
        return len(cells) > max(2, common * 0.6) and number == 0
    return width > max(1, common // 3) or number == len(block) - 1


def _is_foot(cells: Sequence[str], common: int, block: list[int], stop: int) -> bool:
    """A line below the table: a note, a total, or lone words after an empty line."""
    if common <= 1:
        return False
    words = [cell for cell in cells if cell.strip()]
    if any(cells[0].count(mark) >= common - 1 for mark in (",", ";", "\t", "|")):
        return False  # A row of the table in another dress.
    if len(words) == 1 and cells[0].strip():
        is_apart = block[stop - 1] - block[stop - 2] > 1
        return is_apart or bool(_FOOT.match(cells[0])) or cells[0].count(" ") > 2
    return bool(words and _TOTAL.match(words[0])) and 2 * len(words) <= max(common, 4)


def _header_rows(records: Sequence[Sequence[str]], body: list[int], common: int) -> int:
    """How many rows name the columns: none where the first looks like those below it."""
    first = records[body[0]]
    below = [records[place] for place in body[1:12] if len(records[place]) == common]
    if not below:
        return 1
    numeric = [
        column
        for column in range(min(common, len(first)))
        if sum(is_numberish(cells[column]) for cells in below) > 0.7 * len(below)
    ]
    if not numeric:
        return 1
    if all(is_numberish(first[column]) or not first[column].strip() for column in numeric):
        return 0 if len(below) > 1 and any(first[column].strip() for column in numeric) else 1
    heads = 1
    # A second row of names: words in every column that holds numbers below.
    while heads < 3 and len(numeric) > 1 and len(body) > heads + 2:
        cells = records[body[heads]]
        if len(cells) != common or any(
            not cells[column].strip() or is_numberish(cells[column]) for column in numeric
        ):
            break
        heads += 1
    return heads
