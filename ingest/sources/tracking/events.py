"""Lays payloads out as one table of transporter events, a row a scan, and says which codes no table knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import orjson

from ingest.readers.table import Batch, BrokenRow, Cell, Table, batch_of
from ingest.sources.bodies import Body, bodies_of
from ingest.sources.tracking.scans import (
    EXTRA,
    FIELDS,
    Scan,
    Shape,
    event,
    tells_nothing,
    unknown_code,
    unknown_detail,
)
from ingest.sources.tracking.shapes import SHAPES

HEADER = (*FIELDS, *EXTRA)
_REMEDY = "Send the payload as the carrier sent it, or its scans as a CSV with AWB, time, status and place."
_SHOWN = 12


def could_be_payloads(header: tuple[str, ...]) -> bool:
    """Whether the names at the top of a table are those of some sender's payloads."""
    names = frozenset(header)
    return any(mark <= names for shape in SHAPES for mark in shape.marks)


def shape_of(body: Body) -> Shape | None:
    """The sender of a payload."""
    names = frozenset(body)
    for shape in SHAPES:
        if any(mark <= names for mark in shape.marks) and shape.fits(body):
            return shape
    return None


def senders(table: Table) -> list[str]:
    """The senders of the first payloads of a table; none when it holds no payload of theirs."""
    first = islice((body for batch in table.batches() for _, body in bodies_of(batch)), 20)
    found = (shape_of(body) for body in first)
    return list(dict.fromkeys(shape.sender for shape in found if shape))


def as_events(table: Table) -> Table:
    """Payloads as a table of events; rows are numbered by scan, `payload_no` names the payload."""

    def batches() -> Iterator[Batch]:
        row_no = 0
        for batch in table.batches():
            rows, broken = _rows(batch, row_no)
            row_no += len(rows) + len(broken)
            yield batch_of(HEADER, rows, broken)

    return Table(table.sheet_name, HEADER, None, batches)


def _rows(batch: Batch, row_no: int) -> tuple[list[tuple[int, list[Cell]]], list[BrokenRow]]:
    rows: list[tuple[int, list[Cell]]] = []
    broken: list[BrokenRow] = []
    for entry in batch.broken:
        row_no += 1
        broken.append(BrokenRow(row_no, entry.code, entry.fact, entry.remedy, entry.content))
    for payload_no, body in bodies_of(batch):
        shape = shape_of(body)
        scans = list(shape.scans(body)) if shape else []
        silent = [scan for scan in scans if tells_nothing(scan)]
        for told in _in_order([scan for scan in scans if not tells_nothing(scan)]):
            row_no += 1
            told["payload_no"] = str(payload_no)
            rows.append((row_no, [told.get(name) for name in HEADER]))
        for scan in silent:
            row_no += 1
            broken.append(_without_scans(row_no, payload_no, scan.awb_no, body))
        if not scans:
            row_no += 1
            broken.append(_of_nobody(row_no, payload_no, body))
    return rows, broken


def _in_order(scans: list[Scan]) -> list[dict[str, Cell]]:
    """Senders list the newest first, or as they arrived: events stand in the order of their own times."""
    return sorted((event(scan) for scan in scans), key=lambda told: told["event_at"] or "")


def _of_nobody(row_no: int, payload_no: int, body: Body) -> BrokenRow:
    fact = f"Payload {payload_no} is of no known sender; its names are {', '.join(list(body)[:20])}"
    return BrokenRow(row_no, "PAYLOAD_UNKNOWN", fact, _REMEDY, _content(body))


def _without_scans(row_no: int, payload_no: int, awb_no: str | None, body: Body) -> BrokenRow:
    fact = f"Payload {payload_no} tells nothing of the waybill {awb_no or 'that it does not name'}"
    remedy = "Check the waybill's number, and ask again later."
    return BrokenRow(row_no, "TRACKING_EMPTY", fact, remedy, {"awb_no": awb_no, **_content(body)})


def _content(body: Body) -> dict[str, object]:
    return {"payload": orjson.dumps(body).decode()[:10_000]}


def unknown_findings(table: Table) -> tuple[str, ...]:
    """The codes that no table knows, with how often they stand in a table of payloads."""
    codes: Counter[str] = Counter()
    details: Counter[str] = Counter()
    for batch in table.batches():
        for _, body in bodies_of(batch):
            shape = shape_of(body)
            for scan in shape.scans(body) if shape else ():
                if tells_nothing(scan):
                    continue
                if code := unknown_code(scan):
                    codes[f"{scan.table} {code}"] += 1
                elif detail := unknown_detail(scan):
                    details[f"{scan.table} {detail}"] += 1
    found = []
    if codes:
        found.append(f"stays unknown, no table has its code: {listed(codes)}; say what it means")
    if details:
        found.append(f"the status is known, its reason is not: {listed(details)}")
    return tuple(found)


def listed(codes: Counter[str]) -> str:
    """The most frequent codes with their counts."""
    more = len(codes) - _SHOWN
    told = ", ".join(f"{code} ({count})" for code, count in codes.most_common(_SHOWN))
    return f"{told} and {more} more" if more > 0 else told
