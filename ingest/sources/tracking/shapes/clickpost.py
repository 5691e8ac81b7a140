"""ClickPost: one status a webhook, scans a waybill in the answer of track-order.

Facts from its public integration pages: the codes are its own, whatever the carrier; `is_rvp` marks a reverse
pickup; the return to origin has codes of its own; times are Indian times, though webhooks write Z after them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.sources.bodies import Body, entries, part, text
from ingest.sources.tracking.scans import Scan, Shape, without_scans

_CODE = "clickpost_status_code"
_NDR_REASONS = {"2": "refused", "6": "address", "8": "address", "9": "refused"}


def _fits(body: Body) -> bool:
    if _CODE in body or part(body, "latest_status", _CODE) is not None:
        return True
    result = body.get("result")
    return isinstance(result, dict) and any(
        isinstance(entry, dict) and ("latest_status" in entry or "valid" in entry)
        for entry in result.values()
    )


def _scans(body: Body) -> Iterator[Scan]:
    result = body.get("result")
    if isinstance(result, dict):
        for awb, entry in result.items():
            yield from _shipment(awb, entry)
    elif _CODE in body:
        yield _scan(body, body, text(body, "waybill"))
    else:
        yield from _shipment(text(body, "waybill") or text(body, "additional", "waybill"), body)


def _shipment(awb: str | None, entry: Any) -> Iterator[Scan]:
    scans = entries(part(entry, "scans")) or entries(part(entry, "latest_status"))
    for scan in scans:
        yield _scan(entry, scan, awb)
    if not scans:
        yield without_scans("clickpost", awb)


def _scan(shipment: Body, scan: Body, awb: str | None) -> Scan:
    code = text(scan, _CODE)
    # The same code means another leg when the shipment is a reverse pickup, but a code of the RTO never does.
    is_rvp = (text(shipment, "additional", "is_rvp") or "").lower() == "true"
    return Scan(
        "clickpost",
        awb,
        text(scan, "timestamp"),
        (code,) if code else (),
        code,
        _carrier(shipment),
        text(shipment, "additional", "order_id") or text(shipment, "additional", "reference_number"),
        text(scan, "remark") or text(scan, "status") or text(scan, "clickpost_status_description"),
        text(scan, "location"),
        leg="rvp" if is_rvp and code not in _RTO else None,
        reason=_NDR_REASONS.get(text(shipment, "additional", "ndr_status_code") or "")
        if code == "9"
        else None,
        zone_is_true=False,
        raw=scan if scan is not shipment else {**scan, "additional": None},
    )


_RTO = frozenset({"11", "12", "13", "14", "15", "21", "26", "27"})


def _carrier(shipment: Body) -> str | None:
    named = text(shipment, "additional", "courier_partner_name") or text(shipment, "account_code")
    number = text(shipment, "cp_id") or text(shipment, "additional", "courier_partner_id")
    # Without a name the number is all that is known; a tenant translates it as any code of a partner.
    return named or (f"CLICKPOST-{number}" if number else None)


SHAPE = Shape(
    "ClickPost",
    (frozenset({_CODE}), frozenset({"result"}), frozenset({"latest_status", "scans"})),
    _fits,
    _scans,
)
