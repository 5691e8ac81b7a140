"""BlueDart: pushed status tracking, and the shipments of the tracking answer turned from XML to JSON.

A scan is a code in a group: S, T, RS, RT, where R is the way back. Dates are dd-mm-yyyy, times HHMM. A
reverse pickup that failed its quality check says why in QCFailed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.bodies import Body, entries, objects, part, text
from ingest.sources.tracking.moments import joined
from ingest.sources.tracking.scans import Scan, Shape, without_scans

_QC_REASONS = {
    "not the same": "wrong_item",
    "wrong": "wrong_item",
    "different": "wrong_item",
    "mismatch": "wrong_item",
    "damage": "damaged",
    "used": "damaged",
    "missing": "missing",
    "incomplete": "missing",
    "quantity": "short",
    "packag": "packaging",
    "packing": "packaging",
}


def _fits(body: Body) -> bool:
    return any("WaybillNo" in shipment for shipment in _shipments(body))


def _shipments(body: Body) -> list[Body]:
    found = objects(body.get("statustracking")) or objects(body.get("ShipmentData")) or [body]
    inner = [part(entry, "Shipment") for entry in found]
    return [shipment for entry in inner for shipment in objects(entry)]


def _scans(body: Body) -> Iterator[Scan]:
    for shipment in _shipments(body):
        found = part(shipment, "Scans", "ScanDetail")
        scans = entries(found if found is not None else shipment.get("Scans"))
        for scan in scans:
            yield _scan(shipment, scan)
        if not scans:
            yield without_scans("bluedart", text(shipment, "WaybillNo"))


def _scan(shipment: Body, scan: Body) -> Scan:
    code, group = text(scan, "ScanCode"), text(scan, "ScanGroupType") or text(scan, "ScanType")
    raw_code = "/".join(filter(None, (code, group))) or None
    words, comment = text(scan, "Scan"), text(scan, "Comments")
    return Scan(
        "bluedart",
        text(shipment, "WaybillNo"),
        joined(text(scan, "ScanDate"), text(scan, "ScanTime")),
        (raw_code,) if raw_code else (),
        raw_code,
        "BLUEDART",
        text(shipment, "RefNo"),
        "; ".join(filter(None, (words, comment))) or None,
        text(scan, "ScannedLocation"),
        text(shipment, "Scans", "DeliveryDetails", "ReceivedBy") if raw_code == "000/T" else None,
        # A reverse pickup's scans count as its own leg until its codes say otherwise.
        leg="rvp" if text(scan, "ScanType") == "PU" and text(shipment, "ShipmentMode") == "R" else None,
        reason=_qc_reason(text(shipment, "Scans", "QCFailed", "Reason")) if code == "016" else None,
        raw={**scan, "QCFailed": part(shipment, "Scans", "QCFailed")} if code == "016" else scan,
    )


def _qc_reason(words: str | None) -> str | None:
    plain = (words or "").lower()
    return next((reason for word, reason in _QC_REASONS.items() if word in plain), None)


SHAPE = Shape(
    "BlueDart",
    (frozenset({"statustracking"}), frozenset({"ShipmentData"}), frozenset({"Shipment"})),
    _fits,
    _scans,
)
