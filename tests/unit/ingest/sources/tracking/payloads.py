"""Payloads as carriers and aggregators send them, one function a sender, with a code of the test's choice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Body = dict[str, Any]


def clickpost(code: str, *, is_rvp: bool = False, at: str = "2026-11-05T13:23:02Z", **more: Any) -> Body:
    latest = {
        "clickpost_status_code": int(code) if code.isdigit() else code,
        "clickpost_status_description": "Words",
        "status": "O",
        "location": "VASAI, MUMBAI",
        "timestamp": at,
        "remark": "Words of the carrier",
    }
    additional = {"is_rvp": is_rvp, "order_id": "ORD-1", "latest_status": latest, **more}
    return {"waybill": "P0109276342", "cp_id": 14, "account_code": "dtdc", **latest, "additional": additional}


def shiprocket_scan(code: str, at: str = "2026-11-05 11:59:16", own: str = "X-UCI") -> Body:
    return {
        "date": at,
        "status": own,
        "activity": "Words of the carrier",
        "location": "Chomu_D (Rajasthan)",
        "sr-status": code,
        "sr-status-label": "WORDS",
    }


def shiprocket(*scans: Body, **more: Any) -> Body:
    return {
        "awb": "19041424751540",
        "courier_name": "Delhivery Surface",
        "current_status": "IN TRANSIT",
        "current_status_id": 20,
        "shipment_status": "IN TRANSIT",
        "shipment_status_id": 18,
        "current_timestamp": "07 11 2026 11:43:52",
        "order_id": "1373900",
        "sr_order_id": 348456385,
        "is_return": 0,
        "scans": list(scans),
        **more,
    }


def delhivery(
    kind: str, status: str, nsl: str | None, at: str = "2026-11-05T15:00:32.002", **more: Any
) -> Body:
    told = {
        "Status": status,
        "StatusDateTime": at,
        "StatusType": kind,
        "StatusLocation": "Chandigarh_Raiprklan_C (Chandigarh)",
        "Instructions": "Words of the carrier",
        **more,
    }
    return {
        "Shipment": {
            "Status": told,
            "PickUpDate": "2026-11-01T09:00:00.000",
            "NSLCode": nsl,
            "Sortcode": "IXC/MDP",
            "ReferenceNo": "28",
            "AWB": "XXXXXXXXXXXX1",
        }
    }


def delhivery_pull(*scans: Body) -> Body:
    return {
        "ShipmentData": [{"Shipment": {"AWB": "DL-9", "Scans": [{"ScanDetail": scan} for scan in scans]}}]
    }


def bluedart(code: str, group: str, day: str = "17-06-2026", clock: str = "1850", **shipment: Any) -> Body:
    scan = {
        "Scan": "WORDS OF THE CARRIER",
        "ScanCode": code,
        "ScanGroupType": group,
        "ScanDate": day,
        "ScanTime": clock,
        "ScannedLocation": "MANALI SERVICE CENTRE",
        "ScanType": "DL",
        "Comments": "",
        "StatusTimeZone": "IST",
    }
    scans = {"ScanDetail": [scan], "QCFailed": shipment.pop("qc_failed", {})}
    known = {
        "SenderID": "Bluedart",
        "WaybillNo": "75456956632",
        "RefNo": "R1",
        "ShipmentMode": "F",
        **shipment,
    }
    return {"statustracking": [{"Shipment": {**known, "Scans": scans}}]}


def ecom_express(code: str, at: str = "2026-06-14 15:03:00", status: str = "words", **more: Any) -> Body:
    return {
        "awb": "1190078343",
        "datetime": at,
        "status": status,
        "reason_code": f"{code} - WORDS - More words",
        "reason_code_number": code,
        "location": "JRD",
        "Employee": "Name",
        "status_update_number": "44591782",
        "order_number": "O-7",
        "city": "Vadodara",
        "ref_awb": "",
        **more,
    }


def aftership(tag: str, subtag: str | None, at: str = "2026-11-05T10:00:00+05:30") -> Body:
    point = {
        "slug": "dtdc",
        "checkpoint_time": at,
        "location": "Pune, MH, IND",
        "message": "Words of the carrier",
        "tag": tag,
        "subtag": subtag,
    }
    tracking = {
        "tracking_number": "D1",
        "slug": "dtdc",
        "tag": tag,
        "order_id": "O-1",
        "checkpoints": [point],
    }
    return {"event": "tracking_update", "event_id": "e-1", "ts": 1669000000, "msg": tracking}


def easypost(status: str, detail: str, at: str = "2026-11-05T10:00:00Z") -> Body:
    told = {
        "object": "TrackingDetail",
        "message": "Words of the carrier",
        "status": status,
        "status_detail": detail,
        "datetime": at,
        "source": "USPS",
        "tracking_location": {"city": "CHARLESTON", "state": "SC", "country": "US", "zip": "29407"},
    }
    tracker = {"object": "Tracker", "tracking_code": "E1", "carrier": "USPS", "tracking_details": [told]}
    return {"object": "Event", "description": "tracker.updated", "result": tracker}


def sent(path: Path, body: Any) -> Path:
    """A payload as a file, over several lines as it is often kept."""
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return path


def sent_lines(path: Path, *bodies: Body) -> Path:
    """Payloads as JSON Lines, one a line."""
    path.write_text("".join(json.dumps(body) + "\n" for body in bodies), encoding="utf-8")
    return path
