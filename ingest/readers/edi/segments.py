"""Splits X12 and EDIFACT text into segments, whatever delimiters each interchange declares.

The delimiters of X12 stand at fixed places of its ISA segment, those of EDIFACT in its UNA segment (ISO 9735
names the defaults). Partners pad ISA badly, end segments by line breaks, put a BOM first, send transactions
without an envelope, or two interchanges of different standards in one file: all of that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

X12, EDIFACT = "X12", "EDIFACT"
MAX_SEGMENT_CHARACTERS = 1_000_000
_ISA_ELEMENTS = 16
_BLANKS = " \t\r\n\x00\x1a\ufeff"
_EDIFACT_STARTS = ("UNA", "UNB", "UNG", "UNH")
_X12_STARTS = ("ISA", "GS", "ST")
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")

Element = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What parts segments, elements and components of an interchange; `release` keeps a letter literal."""

    standard: str
    segment: str
    element: str
    component: str
    release: str = ""
    repetition: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag, its elements as components, its place among the file's segments (from 1)."""

    standard: str
    tag: str
    elements: tuple[Element, ...]
    segment_no: int

    def get(self, element: int, component: int = 1) -> str:
        """An element's text by its number in the standard (from 1); empty where there is none."""
        if element > len(self.elements):
            return ""
        parts = self.elements[element - 1]
        return parts[component - 1].strip() if component <= len(parts) else ""


def looks_like_edi(head: str) -> bool:
    """Whether a file's beginning is that of an interchange or of a bare transaction."""
    text = head.lstrip(_BLANKS)
    return _start_of(text) is not None and _delimiters(text) is not None


def split_segments(text: str) -> Iterator[tuple[Segment, Delimiters]]:
    """Every segment of a text with the delimiters it was split by; blanks between segments do not count."""
    position, number = 0, 0
    current: Delimiters | None = None
    while True:
        while position < len(text) and text[position] in _BLANKS:
            position += 1
        if position >= len(text):
            return
        rest = text[position : position + 512]
        if current is None or rest.startswith(("ISA", "UNA", "UNB")):
            current = _delimiters(rest, current) or current
        if current is None:
            return
        if rest.startswith("UNA") and current.standard == EDIFACT:
            position += 9
            continue
        raw, position = _take(text, position, current)
        number += 1
        tag, elements = _elements(raw, current)
        yield Segment(current.standard, tag, elements, number), current


def _start_of(text: str) -> str | None:
    """The standard a text begins with."""
    for standard, starts in ((EDIFACT, _EDIFACT_STARTS), (X12, _X12_STARTS)):
        for start in starts:
            after = text[len(start) : len(start) + 1]
            if text.startswith(start) and after and not after.isalnum():
                return standard
    return None


def _delimiters(text: str, before: Delimiters | None = None) -> Delimiters | None:
    standard = _start_of(text)
    if standard == EDIFACT:
        return _edifact_delimiters(text, before)
    if standard == X12:
        return _x12_delimiters(text)
    return None


def _edifact_delimiters(text: str, before: Delimiters | None) -> Delimiters:
    if text.startswith("UNA") and len(text) >= 9:
        # UNA: component, element, decimal mark, release, repetition, segment; a blank means there is none.
        return Delimiters(EDIFACT, text[8], text[4], text[3], text[6].strip(), text[7].strip())
    if before is not None and before.standard == EDIFACT:
        return before
    return Delimiters(EDIFACT, "'", "+", ":", "?")


def _x12_delimiters(text: str) -> Delimiters | None:
    tag = next(start for start in _X12_STARTS if text.startswith(start))
    element = text[len(tag)]
    if tag != "ISA":
        return Delimiters(X12, _end_of_segment(text, element), element, ">")
    # Counted, not by position: partners that pad badly still write sixteen elements.
    place = -1
    for _ in range(_ISA_ELEMENTS):
        place = text.find(element, place + 1)
        if place < 0:
            return None
    if place + 2 >= len(text):
        return None
    component, segment = text[place + 1], text[place + 2]
    repetition = text[:place].split(element)[11]
    is_separator = len(repetition) == 1 and not repetition.isalnum() and not repetition.isspace()
    segment = "\n" if segment in "\r\n" else segment
    return Delimiters(X12, segment, element, component, "", repetition if is_separator else "")


def _end_of_segment(text: str, element: str) -> str:
    """How segments end where no ISA says it: by what stands before the next line's tag, else by `~`."""
    for candidate in ("~", "'", "\x85", "\x1c", "!"):
        place = text.find(candidate)
        if place > 0 and _TAG.match(text[place + 1 :].lstrip(_BLANKS)[:3] or "SE"):
            return candidate
    del element
    return "\n"


def _take(text: str, position: int, delimiters: Delimiters) -> tuple[str, int]:
    """The raw segment at a position and where the next one starts; a released delimiter does not end it."""
    place = position
    while True:
        end = text.find(delimiters.segment, place, position + MAX_SEGMENT_CHARACTERS)
        if end < 0:
            end = min(len(text), position + MAX_SEGMENT_CHARACTERS)
            return text[position:end], end
        if not (delimiters.release and _is_released(text, end, position, delimiters.release)):
            return text[position:end], end + 1
        place = end + 1


def _is_released(text: str, place: int, start: int, release: str) -> bool:
    """Whether an odd number of release characters stands before a place."""
    count = 0
    while place - count - 1 >= start and text[place - count - 1] == release:
        count += 1
    return count % 2 == 1


def _elements(raw: str, delimiters: Delimiters) -> tuple[str, tuple[Element, ...]]:
    raw = raw.strip("\r\n") if delimiters.segment != "\n" else raw.rstrip("\r")
    parts = _split(raw, delimiters.element, delimiters.release)
    tag = parts[0].strip().upper()
    if delimiters.standard == X12 and tag == "ISA":
        return tag, tuple((part,) for part in parts[1:])
    return tag, tuple(
        tuple(
            _plain(piece, delimiters.release)
            for piece in _split(part, delimiters.component, delimiters.release)
        )
        for part in parts[1:]
    )


def _split(text: str, delimiter: str, release: str) -> list[str]:
    if not release or release not in text:
        return text.split(delimiter)
    pieces, start = [], 0
    for place, letter in enumerate(text):
        if letter == delimiter and not _is_released(text, place, 0, release):
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]


def _plain(text: str, release: str) -> str:
    if not release or release not in text:
        return text
    kept, is_literal = [], False
    for letter in text:
        if letter == release and not is_literal:
            is_literal = True
            continue
        kept.append(letter)
        is_literal = False
    return "".join(kept)
