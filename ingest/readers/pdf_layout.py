"""Tables on the page of a PDF: those between rules, and those that only the gaps between words tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pdfplumber.page import Page

from ingest.readers.layout import is_numberish

Span = tuple[float, float]
# Words of one cell stand closer than this share of the height of their letters, cells farther apart.
_GAP = 0.6
# Lines of one table stand closer than this many heights of their letters.
_LEADING = 2.6
_LEAST_LINES = 3
_THICKEST_RULE = 3.0


@dataclass(slots=True)
class Grid:
    """A table, or a part of one, on one page: where its columns stand, and its rows."""

    page_no: int
    top: float
    columns: list[Span]
    rows: list[list[str]]


@dataclass(slots=True)
class PageLayout:
    """The tables of a page from its top, and the lines that stand around them."""

    grids: list[Grid] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    has_text: bool = False
    has_picture: bool = False


@dataclass(slots=True)
class _Line:
    top: float
    bottom: float
    # Each cell: where it starts and ends, and its words.
    cells: list[tuple[Span, str]]

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1.0)

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.cells)


def layout_of(page: Page, page_no: int) -> PageLayout:
    """Find the tables of a page."""
    found = PageLayout(has_text=bool(page.chars), has_picture=bool(page.images))
    if not found.has_text:
        return found
    boxes = []
    for table in _without_fills(page).find_tables():
        rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
        rows = [row for row in rows if any(row)]
        columns = [(column.bbox[0], column.bbox[2]) for column in table.columns]
        # A frame around a page or a paragraph is no table.
        if len(columns) > 1 and rows and sum(any(column) for column in zip(*rows, strict=True)) > 1:
            found.grids.append(Grid(page_no, table.bbox[1], columns, rows))
            boxes.append(table.bbox)
    lines = _lines([word for word in page.extract_words() if not any(_is_in(word, box) for box in boxes)])
    for block in _blocks(lines):
        grid = _grid(block, page_no) if len(block) >= _LEAST_LINES else None
        if grid is None:
            found.around += [line.text for line in block]
        else:
            found.grids.append(grid)
    found.grids.sort(key=lambda grid: grid.top)
    return found


def _without_fills(page: Page) -> Page:
    """The page without its coloured areas, whose edges are no rules; thin ones are rules drawn as areas."""
    if not any(map(_is_fill, page.rects)):
        return page
    return page.filter(lambda drawn: drawn["object_type"] != "rect" or not _is_fill(drawn))


def _is_fill(rect: dict[str, Any]) -> bool:
    return bool(rect["fill"] and not rect["stroke"] and min(rect["width"], rect["height"]) > _THICKEST_RULE)


def _is_in(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _lines(words: Sequence[dict[str, Any]]) -> list[_Line]:
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] < middle < rows[-1][0]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda word: float(word["x0"]))) for row in rows]


def _line(words: list[dict[str, Any]]) -> _Line:
    top, bottom = min(word["top"] for word in words), max(word["bottom"] for word in words)
    cells: list[tuple[Span, str]] = []
    for word in words:
        if cells and word["x0"] - cells[-1][0][1] < _GAP * (word["bottom"] - word["top"]):
            (start, _), text = cells[-1]
            cells[-1] = ((start, word["x1"]), f"{text} {word['text']}")
        else:
            cells.append(((word["x0"], word["x1"]), word["text"]))
    return _Line(top, bottom, cells)


def _blocks(lines: list[_Line]) -> list[list[_Line]]:
    """Runs of lines of several cells; lines of one are runs of their own, unless such lines enclose them."""
    blocks: list[list[_Line]] = []
    for line in lines:
        last = blocks[-1][-1] if blocks else None
        is_near = last is not None and line.top - last.bottom < (_LEADING - 1) * last.height
        if is_near and len(blocks[-1][0].cells) > 1:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    cut: list[list[_Line]] = []
    for block in blocks:
        stop = len(block)
        while stop > 1 and _is_lone(block[stop - 1], block[0]):
            stop -= 1
        cut += [block[:stop], *([line] for line in block[stop:])]
    return cut


def _is_lone(line: _Line, first: _Line) -> bool:
    """Whether a line has one cell and that begins a line: otherwise it may go on with a cell above it."""
    return len(line.cells) == 1 and (len(first.cells) == 1 or line.cells[0][0][0] < first.cells[1][0][0] - 2)


def _grid(block: list[_Line], page_no: int) -> Grid | None:
    """The table that a run of lines is; None when it is two columns of prose, or names beside values."""
    counted = Counter(len(line.cells) for line in block if len(line.cells) > 1)
    usual = max(counted, key=lambda count: (counted[count], count))
    columns = _columns([line for line in block if len(line.cells) >= usual])
    if len(columns) < usual:
        columns = _columns([line for line in block if len(line.cells) == usual])
    if len(columns) < 2:
        return None
    cells = [_cells_of(line, columns) for line in block]
    rows = [_joined([cells[place] for place in places]) for places in _rows_of(block, cells)]
    numbers = max(sum(is_numberish(row[column]) for row in rows[1:]) for column in range(len(columns)))
    if len(rows) < _LEAST_LINES or (len(columns) == 2 and numbers < 0.7 * (len(rows) - 1)):
        return None
    return Grid(page_no, block[0].top, columns, rows)


def _columns(lines: list[_Line]) -> list[Span]:
    """Where cells stand over one another, from the left."""
    columns: list[Span] = []
    for start, end in sorted(span for line in lines for span, _ in line.cells):
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return columns


def _overlap(span: Span, column: Span) -> float:
    """How far they stand over one another; negative: how far they are apart."""
    return min(span[1], column[1]) - max(span[0], column[0])


def _cells_of(line: _Line, columns: list[Span]) -> list[str]:
    row = [""] * len(columns)
    for span, text in line.cells:
        place = max(range(len(columns)), key=lambda place: _overlap(span, columns[place]))
        row[place] = f"{row[place]} {text}".strip()
    return row


def _joined(rows: list[list[str]]) -> list[str]:
    return [" ".join(filter(None, cells)) for cells in zip(*rows, strict=True)]


def _rows_of(block: list[_Line], cells: list[list[str]]) -> list[list[int]]:
    """Which lines are one row: those that stand closer than others, if most of their cells are of one line.

    Where all stand alike, one goes on with the row above if it has words only, none in the first column.
    """
    gaps = [below.top - above.bottom for above, below in pairwise(block)]
    close = _close_gap(gaps, block[0].height)
    if close is not None:
        rows = _clustered([gap <= close for gap in gaps])
        if all(_is_one_row([cells[place] for place in places]) for places in rows):
            return rows
    usual = sum(gaps) / max(len(gaps), 1)
    return _clustered(
        [_goes_on(row) and gap <= usual + 0.1 for row, gap in zip(cells[1:], gaps, strict=True)]
    )


def _close_gap(gaps: list[float], height: float) -> float | None:
    """The widest gap within a row, where gaps are plainly of two sizes."""
    jumps = [(wide - narrow, narrow) for narrow, wide in pairwise(sorted(gaps))]
    widest, narrow = max(jumps, default=(0.0, 0.0))
    return narrow if widest > height / 5 else None


def _clustered(goes_on: list[bool]) -> list[list[int]]:
    rows = [[0]]
    for place, is_same in enumerate(goes_on, start=1):
        if is_same:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def _is_one_row(lines: list[list[str]]) -> bool:
    """Whether at most half of the columns go on from one of these lines to another."""
    if len(lines) == 1:
        return True
    filled = [sum(map(bool, column)) for column in zip(*lines, strict=True)]
    return 2 * sum(count > 1 for count in filled) <= len(filled) and 1 in filled


def _goes_on(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    return not row[0] and 2 * len(filled) <= len(row) and not any(map(is_numberish, filled))


def is_same_table(one: Grid, other: Grid) -> bool:
    """Whether the columns of two parts stand in the same places."""
    return len(one.columns) == len(other.columns) and all(
        _overlap(mine, yours) > 0 for mine, yours in zip(one.columns, other.columns, strict=True)
    )
