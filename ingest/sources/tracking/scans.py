"""One scan as a sender tells it, and the transporter event that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from ingest.readers.table import Cell
from ingest.sources.bodies import Body
from ingest.sources.tracking.moments import moment, without_zone
from ingest.sources.tracking.statuses import UNKNOWN, Meaning, is_listed, meaning

FIELDS = (
    "transporter_code",
    "awb_no",
    "reference_no",
    "event_at",
    "leg",
    "status",
    "reason",
    "responsible",
    "place",
    "cartons",
    "weight_kg",
    "raw_code",
    "raw_text",
    "remark",
    "signed_by",
)
EXTRA = ("time_as_written", "payload_no", "scan")
_MAX_KEPT = 500


@dataclass(frozen=True, slots=True)
class Scan:
    """What a payload says of one moment of one consignment; codes go from the most exact to the widest."""

    table: str
    awb_no: str | None
    written_at: str | None
    codes: tuple[str, ...]
    raw_code: str | None
    transporter_code: str | None = None
    reference_no: str | None = None
    text: str | None = None
    place: str | None = None
    signed_by: str | None = None
    cartons: str | None = None
    weight_kg: str | None = None
    # Said by the payload beside the code, and stronger than the code's own.
    leg: str | None = None
    reason: str | None = None
    # Those of the codes that would say why; the status may be known without them.
    details: tuple[str, ...] = ()
    zone_is_true: bool = True
    raw: Body = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """A sender's payloads: the names that mark them, and how their scans are found."""

    sender: str
    # One of these sets of names stands at the top of each body.
    marks: tuple[frozenset[str], ...]
    fits: Callable[[Body], bool]
    scans: Callable[[Body], Iterator[Scan]]


def without_scans(table: str, awb_no: str | None) -> Scan:
    """What stands for a waybill of which a payload tells nothing."""
    return Scan(table, awb_no, None, (), None)


def tells_nothing(scan: Scan) -> bool:
    """Whether a scan only stands for a waybill of which a payload tells nothing."""
    return scan.written_at is None and scan.raw_code is None and not scan.raw


def meaning_of(scan: Scan) -> Meaning:
    """What a scan means; the leg and the reason that the payload names itself count first."""
    found = meaning(scan.table, scan.codes)
    return replace(found, leg=scan.leg or found.leg, reason=scan.reason or found.reason)


def event(scan: Scan) -> dict[str, Cell]:
    """A scan under the contract's names."""
    found = meaning_of(scan)
    return {
        "transporter_code": scan.transporter_code,
        "awb_no": scan.awb_no,
        "reference_no": scan.reference_no,
        "event_at": moment(scan.written_at if scan.zone_is_true else without_zone(scan.written_at)),
        "leg": found.leg,
        "status": found.status,
        "reason": found.reason,
        "responsible": found.responsible,
        "place": scan.place,
        "cartons": scan.cartons,
        "weight_kg": scan.weight_kg,
        "raw_code": scan.raw_code,
        "raw_text": scan.text,
        "signed_by": scan.signed_by,
        "time_as_written": scan.written_at,
        "scan": orjson.dumps({name: _short(value) for name, value in scan.raw.items()}).decode(),
    }


def unknown_code(scan: Scan) -> str | None:
    """The code of a scan that stays `unknown` because no table has it; None when one does."""
    if meaning_of(scan).status != UNKNOWN or any(is_listed(scan.table, code) for code in scan.codes):
        return None
    return scan.raw_code or scan.text or "no code at all"


def unknown_detail(scan: Scan) -> str | None:
    """The code that would say why, where only the status is known."""
    known = not scan.details or any(is_listed(scan.table, code) for code in scan.details)
    return None if known or meaning_of(scan).status == UNKNOWN else scan.raw_code


def _short(value: Any) -> Any:
    """Pictures and signatures stay in the file; the row keeps what can be read."""
    if isinstance(value, dict | list):
        told = orjson.dumps(value).decode()
        return value if len(told) <= _MAX_KEPT else told[:_MAX_KEPT]
    return value[:_MAX_KEPT] if isinstance(value, str) else value
