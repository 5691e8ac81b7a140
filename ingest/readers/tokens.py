"""Splits delimited text into records; a quote that is opened and never closed is taken as a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TextIO

MAX_CELL_CHARACTERS = 1 << 20
_BLOCK_CHARACTERS = 4 << 20
# A quoted cell over more lines than this has lost its closing quote.
_MAX_LINES_A_CELL = 200


class Written(Protocol):
    """How a text is written: delimiter, quote and escape."""

    @property
    def delimiter(self) -> str:
        """Between cells."""

    @property
    def quote(self) -> str | None:
        """Around cells."""

    @property
    def escape(self) -> str | None:
        """Before a quote that is a letter."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells, and the text it was written as."""

    cells: list[str]
    text: str


def split_records(text: str, written: Written, *, most: int | None = None) -> Iterator[Record]:
    """The records of a text, empty ones too. Line ends are LF, CRLF or CR, also mixed."""
    place, count = 0, 0
    while place < len(text) and (most is None or count < most):
        cells, end, after = _record(text, place, written)
        yield Record(cells, text[place:end])
        place, count = after, count + 1


def split_stream(stream: TextIO, written: Written) -> Iterator[list[str]]:
    """The cells of each record of a text too long to be held; a record is split with all of it in view."""
    text, place, is_end = "", 0, False
    while not is_end:
        block = stream.read(_BLOCK_CHARACTERS)
        is_end = not block
        text, place = text[place:] + block, 0
        sure = len(text) if is_end else len(text) - 2 * MAX_CELL_CHARACTERS
        while place < sure:
            cells, _, place = _record(text, place, written)
            yield cells


def split_line(line: str, written: Written) -> list[str]:
    """The cells of one line, line ends within it being letters."""
    return _record(line.replace("\r", " ").replace("\n", " "), 0, written)[0]


def _record(text: str, place: int, written: Written) -> tuple[list[str], int, int]:
    """Cells, where the record ends, and where the next begins."""
    cells: list[str] = []
    while True:
        cell, place = _cell(text, place, written)
        cells.append(cell)
        if text.startswith(written.delimiter, place):
            place += len(written.delimiter)
            continue
        end = place
        if text.startswith("\r\n", place):
            return cells, end, place + 2
        return cells, end, min(place + 1, len(text))


def _cell(text: str, place: int, written: Written) -> tuple[str, int]:
    quote = written.quote
    start = place
    if quote:
        while start < len(text) and text[start] == " " and not written.delimiter.startswith(" "):
            start += 1
        if text.startswith(quote, start):
            quoted = _quoted(text, start + 1, written)
            if quoted is not None:
                return quoted
    end = _end_of_cell(text, place, written)
    return text[place:end], end


def _end_of_cell(text: str, place: int, written: Written) -> int:
    found = _ends(written.delimiter).search(text, place)
    return found.start() if found else len(text)


@cache
def _ends(delimiter: str) -> re.Pattern[str]:
    """What ends a cell. Sought at once: a line end that a text never has would be sought to its end."""
    return re.compile(rf"{re.escape(delimiter)}|[\r\n]")


def _quoted(text: str, place: int, written: Written) -> tuple[str, int] | None:
    """The cell that a quote before `place` opens, and where it ends; None when nothing closes it."""
    quote, parts, lines = written.quote or "", [], 0
    start = place
    while True:
        at = text.find(quote, place)
        if at < 0 or at - start > MAX_CELL_CHARACTERS:
            return None
        lines += text.count("\n", place, at)
        if lines > _MAX_LINES_A_CELL:
            return None
        if _is_escaped(text, place, at, written):
            parts.append(_unescaped(text[place : at - 1], written) + quote)
            place = at + 1
            continue
        if text.startswith(quote, at + 1) and not _closes(text, at + 2, written):
            parts.append(_unescaped(text[place:at], written) + quote)
            place = at + 2
            continue
        if text.startswith(quote, at + 1):
            return "".join([*parts, _unescaped(text[place:at], written), quote]), at + 2
        after = _after_blanks(text, at + 1, written)
        if after == len(text) or text[after] in "\r\n" or text.startswith(written.delimiter, after):
            parts.append(_unescaped(text[place:at], written))
            return "".join(parts), after
        if text.endswith(written.delimiter, start, at):
            return None  # Another cell is opened before this one is closed.
        # A quote within the words of its cell, not doubled.
        parts.append(_unescaped(text[place:at], written) + quote)
        place = at + 1


def _closes(text: str, place: int, written: Written) -> bool:
    """Whether the second of two quotes closes its cell, the first being a letter that was not doubled.

    It does when the next cell is opened behind it: were both one doubled quote, that one would have to close.
    """
    quote = written.quote or ""
    for mark in (written.delimiter, "\r\n", "\n", "\r"):
        if text.startswith(mark + quote, place):
            next_one = place + len(mark + quote)
            closing = (quote, written.delimiter, "\n", "\r", " ")
            return next_one < len(text) and not text.startswith(closing, next_one)
    return False


def _is_escaped(text: str, start: int, at: int, written: Written) -> bool:
    """Whether an odd number of escapes stands before the quote: two of them are one that is a letter."""
    if not written.escape:
        return False
    before = text[start:at]
    return (len(before) - len(before.rstrip(written.escape))) % 2 == 1


def _unescaped(part: str, written: Written) -> str:
    return part.replace(written.escape * 2, written.escape) if written.escape else part


def _after_blanks(text: str, place: int, written: Written) -> int:
    while place < len(text) and text[place] == " " and not text.startswith(written.delimiter, place):
        place += 1
    return place
