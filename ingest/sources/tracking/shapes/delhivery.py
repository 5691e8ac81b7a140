"""Delhivery: a pushed scan, or the shipments of the packages API with all their scans.

StatusType (UD, RT, DL, PP, PU, CN, DTO, LT) says the leg and the kind, the NSL code says the rest. A scan is
looked up by type and NSL code, by NSL code under any type, then by type and the words of the status.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.bodies import Body, entries, objects, part, text
from ingest.sources.tracking.scans import Scan, Shape, without_scans

_CARRIER = "DELHIVERY"
# What type, status, time and place are called in a scan of the history, and in the last status.
_OF_A_SCAN = ("ScanType", "Scan", "ScanDateTime", "ScannedLocation")
_OF_A_STATUS = ("StatusType", "Status", "StatusDateTime", "StatusLocation")


def _fits(body: Body) -> bool:
    if "ShipmentData" in body:
        return any("AWB" in (part(entry, "Shipment") or {}) for entry in objects(body["ShipmentData"]))
    return isinstance(part(body, "Shipment", "Status"), dict)


def _scans(body: Body) -> Iterator[Scan]:
    for entry in objects(body.get("ShipmentData")) or [body]:
        shipment = part(entry, "Shipment")
        if not isinstance(shipment, dict):
            continue
        scans = [
            detail
            for scan in entries(shipment.get("Scans"))
            for detail in entries(scan.get("ScanDetail", scan))
        ]
        for scan in scans:
            yield _scan(shipment, scan, _OF_A_SCAN)
        if not scans and isinstance(shipment.get("Status"), dict):
            yield _scan(shipment, shipment["Status"], _OF_A_STATUS)
        elif not scans:
            yield without_scans("delhivery", text(shipment, "AWB"))


def _scan(shipment: Body, scan: Body, names: tuple[str, str, str, str]) -> Scan:
    kind, status, at, place = (text(scan, name) for name in names)
    kind, status = kind or "", status or ""
    nsl = text(scan, "StatusCode") or text(scan, "NSLCode")
    if names is _OF_A_STATUS:
        nsl = nsl or text(shipment, "NSLCode")
    exact = (f"{kind}/{nsl}", f"*/{nsl}") if nsl else ()
    return Scan(
        "delhivery",
        text(shipment, "AWB"),
        at or text(scan, "StatusDateTime"),
        (*exact, f"{kind}/{status}", f"{kind}/"),
        "/".join(filter(None, (kind, nsl or status))) or None,
        _CARRIER,
        text(shipment, "ReferenceNo"),
        text(scan, "Instructions") or status or None,
        place,
        text(shipment, "Status", "RecievedBy") if kind == "DL" else None,
        details=exact,
        raw=scan,
    )


SHAPE = Shape(
    "Delhivery",
    (frozenset({"Shipment"}), frozenset({"ShipmentData"})),
    _fits,
    _scans,
)
