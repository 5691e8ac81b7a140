"""Puts segments into their envelopes and names what the envelopes get wrong; nothing sound is lost by it.

X12: ISA/IEA, GS/GE, ST/SE. EDIFACT: UNB/UNZ, UNG/UNE, UNH/UNT. A trailer states how many things it closes and
repeats a control number; both are counted and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.readers.edi.segments import EDIFACT, Segment
from ingest.readers.table import Finding

_TRAILER_OF = {"ISA": "IEA", "GS": "GE", "ST": "SE", "UNB": "UNZ", "UNG": "UNE", "UNH": "UNT"}
_LEVEL = {"ISA": 0, "UNB": 0, "GS": 1, "UNG": 1, "ST": 2, "UNH": 2}
# GS01 of the transaction sets that are read (X12 code list 479).
GROUP_OF = {
    "180": "AN", "204": "SM", "214": "QM", "810": "IN", "812": "CD", "850": "PO", "856": "SH", "861": "RC",
    "940": "OW", "943": "AR", "944": "RE", "945": "SW", "997": "FA",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transaction:
    """One message of an interchange: its type, its numbers, who sent it to whom, and its own segments."""

    standard: str
    message_type: str
    control_no: str
    interchange_no: str
    sender: str
    receiver: str
    # As the interchange writes it: a naive local time, or nothing.
    prepared_at: str
    segments: tuple[Segment, ...]

    @property
    def first_segment_no(self) -> int:
        """Where the message begins in its file."""
        return self.segments[0].segment_no if self.segments else 0


@dataclass(slots=True)
class _Open:
    header: Segment
    count: int = 0
    seen: set[str] = field(default_factory=set)


class Envelopes:
    """Walks segments once; `findings` is complete when the walk has ended."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._interchanges: set[tuple[str, str]] = set()

    def transactions(self, segments: Iterable[Segment]) -> Iterator[Transaction]:
        """Each message in order, one without a trailer or an envelope too."""
        body: list[Segment] = []
        for segment in segments:
            if segment.tag in _LEVEL:
                yield from self._flush(body, is_closed=False)
                self._begin(segment)
            elif segment.tag in _TRAILER_OF.values():
                if segment.tag in ("SE", "UNT"):
                    count = len(body) + 2
                    yield from self._flush(body, is_closed=True)
                    self._end(segment, count)
                else:
                    yield from self._flush(body, is_closed=False)
                    self._end(segment, None)
            elif self._current(2):
                body.append(segment)
            else:
                self._say(
                    "SEGMENT_OUTSIDE", f"Segment {segment.segment_no} ({segment.tag}) stands in no message"
                )
        yield from self._flush(body, is_closed=False)
        for left in reversed(self._open):
            self._say(
                "TRAILER_MISSING", f"{_at(left.header)} is not closed by {_TRAILER_OF[left.header.tag]}"
            )
        self._open.clear()

    def _current(self, level: int) -> _Open | None:
        return next((entry for entry in self._open if _LEVEL[entry.header.tag] == level), None)

    def _begin(self, header: Segment) -> None:
        level = _LEVEL[header.tag]
        while self._open and _LEVEL[self._open[-1].header.tag] >= level:
            left = self._open.pop()
            self._say(
                "TRAILER_MISSING", f"{_at(left.header)} is not closed by {_TRAILER_OF[left.header.tag]}"
            )
        number = _control_no(header)
        outer = self._open[-1] if self._open else None
        if outer:
            outer.count += 1
            if number in outer.seen:
                self._say("CONTROL_NO_TWICE", f"{_at(header)} repeats the control number {number}")
            outer.seen.add(number)
        elif level == 0:
            key = (_sender(header), number)
            if key in self._interchanges:
                self._say("CONTROL_NO_TWICE", f"{_at(header)} repeats the control number {number}")
            self._interchanges.add(key)
        if header.tag == "ST" and (group := self._current(1)):
            stated, meant = group.header.get(1), GROUP_OF.get(header.get(1))
            if meant and stated != meant:
                self._say(
                    "GROUP_TYPE_DIFFERS",
                    f"{_at(group.header)} says {stated}, its {header.get(1)} belongs to {meant}",
                )
        self._open.append(_Open(header))

    def _end(self, trailer: Segment, segment_count: int | None) -> None:
        level = next(_LEVEL[head] for head, tail in _TRAILER_OF.items() if tail == trailer.tag)
        entry = self._current(level)
        if entry is None or _TRAILER_OF[entry.header.tag] != trailer.tag:
            self._say("HEADER_MISSING", f"{_at(trailer)} closes nothing")
            return
        while self._open[-1] is not entry:
            left = self._open.pop()
            self._say(
                "TRAILER_MISSING", f"{_at(left.header)} is not closed by {_TRAILER_OF[left.header.tag]}"
            )
        self._open.pop()
        counted = segment_count if segment_count is not None else entry.count
        stated = trailer.get(1)
        if stated.lstrip("0") != str(counted):
            self._say("COUNT_WRONG", f"{_at(trailer)} says {stated or 'nothing'}, there are {counted}")
        if trailer.get(2) != _control_no(entry.header):
            self._say(
                "CONTROL_NO_DIFFERS",
                f"{_at(trailer)} says {trailer.get(2) or 'nothing'}, its header {_control_no(entry.header)}",
            )

    def _flush(self, body: list[Segment], *, is_closed: bool) -> Iterator[Transaction]:
        entry = self._current(2)
        if entry is None or (not body and not is_closed):
            return
        header, interchange = entry.header, self._current(0)
        outer = interchange.header if interchange else None
        yield Transaction(
            header.standard,
            header.get(2) if header.standard == EDIFACT else header.get(1),
            _control_no(header),
            _control_no(outer) if outer else "",
            _sender(outer) if outer else "",
            _receiver(outer) if outer else "",
            _prepared_at(outer) if outer else "",
            tuple(body),
        )
        body.clear()

    def _leave(self) -> None:
        header = self._open.pop().header
        self._say("TRAILER_MISSING", f"{_at(header)} is not closed by {_TRAILER_OF[header.tag]}")

    def _say(self, code: str, fact: str) -> None:
        self.findings.append(Finding(code, fact))


def _at(segment: Segment) -> str:
    return f"{segment.tag} (segment {segment.segment_no})"


def _control_no(header: Segment) -> str:
    element = {"ISA": 13, "GS": 6, "ST": 2, "UNB": 5, "UNG": 5, "UNH": 1}[header.tag]
    return header.get(element)


def _sender(header: Segment) -> str:
    return header.get(2) if header.standard == EDIFACT else header.get(6)


def _receiver(header: Segment) -> str:
    return header.get(3) if header.standard == EDIFACT else header.get(8)


def _prepared_at(header: Segment) -> str:
    """The time of the interchange as ISO text without a zone; both standards write two-digit years."""
    is_edifact = header.standard == EDIFACT
    date, time = (header.get(4, 1), header.get(4, 2)) if is_edifact else (header.get(9), header.get(10))
    if len(date) == 6 and date.isdigit():
        date = f"20{date}"
    if len(date) != 8 or not date.isdigit():
        return ""
    clock = f"T{time[:2]}:{time[2:4]}:00" if len(time) >= 4 and time[:4].isdigit() else "T00:00:00"
    return f"{date[:4]}-{date[4:6]}-{date[6:]}{clock}"
