"""Shiprocket: a webhook with the carrier's scans, or the answer of courier/track.

It counts in two spaces of ids: `current_status_id` (20 is in transit) and `shipment_status_id` (18 is in
transit, 20 a pickup exception). Scans carry `sr-status`, of the second space; only that one has a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.bodies import Body, entries, objects, text
from ingest.sources.tracking.scans import Scan, Shape, without_scans
from ingest.sources.tracking.statuses import table_of

_TRUE = ("1", "true")


def _fits(body: Body) -> bool:
    if "tracking_data" in body:
        return isinstance(body["tracking_data"], dict)
    return "awb" in body and ("sr_order_id" in body or "shipment_status_id" in body)


def _scans(body: Body) -> Iterator[Scan]:
    data = body.get("tracking_data")
    if isinstance(data, dict):
        track = next(iter(objects(data.get("shipment_track"))), {})
        leg = "rvp" if (text(data, "is_return") or "").lower() in _TRUE else None
        scans = entries(data.get("shipment_track_activities"))
        for scan in scans:
            yield _scan(scan, text(track, "awb_code"), text(track, "courier_name"), leg)
        if not scans:
            yield without_scans("shiprocket", text(track, "awb_code"))
        return
    yield from _webhook(body)


def _webhook(body: Body) -> Iterator[Scan]:
    awb, carrier = text(body, "awb"), text(body, "courier_name")
    leg = "rvp" if (text(body, "is_return") or "").lower() in _TRUE else None
    scans = entries(body.get("scans"))
    for scan in scans:
        yield _scan(scan, awb, carrier, leg)
    current, other = text(body, "shipment_status_id"), text(body, "current_status_id")
    if scans and current in {text(scan, "sr-status") for scan in scans}:
        return
    # The words are of the carrier's own status here: they name no place, so the scans are preferred.
    yield Scan(
        "shiprocket",
        awb,
        text(body, "current_timestamp"),
        (current,) if current else (f"C/{other}",),
        current or (f"C/{other}" if other else text(body, "current_status")),
        carrier,
        text(body, "order_id"),
        text(body, "shipment_status") or text(body, "current_status"),
        leg=_leg(current, leg),
        raw={name: value for name, value in body.items() if name != "scans"},
    )


def _scan(scan: Body, awb: str | None, carrier: str | None, leg: str | None) -> Scan:
    code, own = text(scan, "sr-status"), text(scan, "status")
    known = code if code and code.isdigit() else None
    # Some scans carry no id of Shiprocket's; then the carrier's own code counts, where its table is known.
    of_carrier = table_of(carrier) if known is None else None
    return Scan(
        of_carrier or "shiprocket",
        awb,
        text(scan, "date"),
        (known,) if known else (own or "", f"*/{own}"),
        "/".join(filter(None, (known, own))) or None,
        carrier,
        None,
        text(scan, "activity") or text(scan, "sr-status-label"),
        text(scan, "location"),
        leg=_leg(known, leg),
        raw=scan,
    )


def _leg(code: str | None, leg: str | None) -> str | None:
    """A status of the return to origin stays one, even where the order is itself a return."""
    return None if code in _RTO else leg


_RTO = frozenset({"9", "10", "14", "40", "41", "45", "46", "75", "78"})
SHAPE = Shape(
    "Shiprocket",
    (frozenset({"tracking_data"}), frozenset({"awb", "current_status"})),
    _fits,
    _scans,
)
