"""Ecom Express: a pushed scan, and the shipments of the tracking answer turned from XML to JSON.

The reason code decides, never the words beside it: a scan on hold may say "delivered". `999` on a waybill
with `rts_shipment` is a return that arrived back. Four forms of dates stand in one message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.sources.bodies import Body, entries, objects, part, text
from ingest.sources.tracking.scans import Scan, Shape

_AWB = ("awb", "awb_number")
_TRUE = ("1", "true", "yes", "y")


def _fits(body: Body) -> bool:
    return any(
        any(name in entry for name in _AWB) and ("reason_code" in entry or "reason_code_number" in entry)
        for entry in _shipments(body)
    )


def _shipments(body: Body) -> list[Body]:
    inner = part(body, "ecomexpress-objects", "object")
    return [_plain(entry) for entry in objects(inner)] if inner is not None else [_plain(body)]


def _plain(entry: Any) -> Body:
    """An object whose fields are a list of names and texts, as XML is turned to JSON, as one of names."""
    fields = objects(part(entry, "field"))
    if not fields:
        return dict(entry)
    plain: Body = {}
    for field in fields:
        name = text(field, "@name") or text(field, "name") or ""
        plain[name] = field.get("object") or text(field, "#text") or text(field, "_")
    return plain


def _scans(body: Body) -> Iterator[Scan]:
    for shipment in _shipments(body):
        scans = [_plain(scan) for scan in entries(shipment.get("scans"))]
        for scan in scans or [shipment]:
            yield _scan(shipment, scan)


def _scan(shipment: Body, scan: Body) -> Scan:
    code = _code(text(scan, "reason_code_number")) or _code(text(scan, "reason_code"))
    is_back = (text(shipment, "rts_shipment") or "").lower() in _TRUE
    told = text(scan, "datetime") or text(scan, "updated_on") or text(scan, "last_update_datetime")
    places = (text(scan, "location"), text(scan, "city") or text(scan, "location_city"))
    return Scan(
        "ecom_express",
        text(shipment, "awb") or text(shipment, "awb_number"),
        told,
        ((f"RTS/{code}", code) if is_back else (code,)) if code else (),
        code,
        "ECOM EXPRESS",
        text(shipment, "ref_awb") or text(shipment, "order_number") or text(shipment, "orderid"),
        text(scan, "status") or text(scan, "reason_code"),
        ", ".join(dict.fromkeys(filter(None, places))) or None,
        text(shipment, "receiver") or text(shipment, "received_by") if code == "999" else None,
        leg="rto" if is_back else None,
        raw={name: value for name, value in scan.items() if name != "scans"},
    )


def _code(told: str | None) -> str | None:
    """The number before the words of a reason code, as in `777 - RTS`."""
    return told.partition(" ")[0].partition("-")[0].strip() or None if told else None


SHAPE = Shape(
    "Ecom Express",
    (
        frozenset({"awb", "reason_code"}),
        frozenset({"awb", "reason_code_number"}),
        frozenset({"awb_number", "reason_code_number"}),
        frozenset({"awb_number", "reason_code"}),
        frozenset({"ecomexpress-objects"}),
    ),
    _fits,
    _scans,
)
