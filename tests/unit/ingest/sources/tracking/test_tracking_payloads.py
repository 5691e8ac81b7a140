"""Webhook bodies and pull answers of carriers and aggregators become transporter events, scan by scan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.opening import open_file
from ingest.recognition import recognise
from tests.unit.ingest.sources.reported import reported
from tests.unit.ingest.sources.tracking import payloads as sender
from tests.unit.ingest.sources.tracking.payloads import sent, sent_lines


def _events(path: Path, **settings: object) -> list[dict[str, str]]:
    told, refused = reported(path, **settings)
    assert refused == []
    return told["transporter_events"]


def _findings(path: Path) -> str:
    return "; ".join(recognise(path.name, open_file(path, path.name)).parts[0].recognition.findings)


def test_a_webhook_of_clickpost_is_one_event_in_indian_time(tmp_path: Path) -> None:
    (event,) = _events(sent(tmp_path / "hook.json", sender.clickpost("6")))
    assert event == {
        "transporter_code": "dtdc", "awb_no": "P0109276342", "reference_no": "ORD-1",
        "event_at": "2026-11-05T13:23:02", "status": "out_for_delivery", "place": "VASAI, MUMBAI",
        "raw_code": "6", "raw_text": "Words of the carrier",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "is_rvp", "leg", "status"),
    [
        ("14", False, "rto", "delivered"),
        ("14", True, "rto", "delivered"),
        ("8", True, "rvp", "delivered"),
        ("4", True, "rvp", "picked_up"),
        ("13", False, "rto", "out_for_delivery"),
        ("21", False, "rto", "in_transit"),
        ("31", False, "rvp", "in_transit"),
        ("8", False, None, "delivered"),
    ],
)
def test_clickpost_tells_return_to_origin_from_reverse_pickup(
    tmp_path: Path, code: str, is_rvp: bool, leg: str | None, status: str
) -> None:
    (event,) = _events(sent(tmp_path / "hook.json", sender.clickpost(code, is_rvp=is_rvp)))
    assert (event.get("leg"), event["status"]) == (leg, status)


def test_a_failed_delivery_of_clickpost_says_why(tmp_path: Path) -> None:
    body = sender.clickpost("9", ndr_status_code=6, ndr_status_description="Address Issue")
    (event,) = _events(sent(tmp_path / "hook.json", body))
    assert (event["status"], event["reason"]) == ("attempt_failed", "address")


def test_an_answer_of_clickpost_holds_waybills_with_scans_in_the_order_of_their_times(tmp_path: Path) -> None:
    scans = [
        {"clickpost_status_code": 8, "timestamp": "2026-03-16 18:56:00", "location": "HYD", "remark": "Done"},
        {
            "clickpost_status_code": 4,
            "timestamp": "2026-03-15 18:01:00",
            "location": "SEEPZ",
            "remark": "Got it",
        },
    ]
    named = {"courier_partner_name": "Dotzot"}
    known = {"latest_status": scans[0], "scans": scans, "valid": True, "additional": named}
    body = {"meta": {"status": 200, "success": True}, "result": {"695": known, "000": {"valid": False}}}
    told, refused = reported(sent(tmp_path / "pull.json", body))
    assert [event["status"] for event in told["transporter_events"]] == ["picked_up", "delivered"]
    assert refused == ["None: TRACKING_EMPTY"]


def test_shiprocket_counts_in_two_spaces_of_ids(tmp_path: Path) -> None:
    # 20 is in transit in the one and a pickup exception in the other.
    (event,) = _events(sent(tmp_path / "hook.json", sender.shiprocket()))
    assert (event["status"], event["raw_code"], event["event_at"]) == (
        "in_transit",
        "18",
        "2026-11-07T11:43:52",
    )
    (event,) = _events(sent(tmp_path / "a.json", sender.shiprocket(shipment_status_id=20)))
    assert event["status"] == "pickup_failed"
    lone = sender.shiprocket(shipment_status_id=None)
    (event,) = _events(sent(tmp_path / "b.json", lone))
    assert (event["status"], event["raw_code"]) == ("in_transit", "C/20")


def test_scans_of_shiprocket_that_lack_its_id_are_read_by_the_carriers_own_table(tmp_path: Path) -> None:
    scans = (sender.shiprocket_scan("NA", own="EOD-38"), sender.shiprocket_scan("NA", own="X-ODD"))
    first, second, _ = _events(sent(tmp_path / "hook.json", sender.shiprocket(*scans)))
    assert (first["status"], first["raw_code"], second["status"]) == ("delivered", "EOD-38", "unknown")


def test_a_return_order_of_shiprocket_is_a_reverse_pickup_unless_it_goes_back(tmp_path: Path) -> None:
    scans = (sender.shiprocket_scan("42"), sender.shiprocket_scan("10", at="2026-11-06 10:00:00"))
    told = _events(
        sent(tmp_path / "hook.json", sender.shiprocket(*scans, is_return=1, shipment_status_id=10))
    )
    assert [(event["leg"], event["status"]) for event in told] == [("rvp", "picked_up"), ("rto", "delivered")]


def test_the_answer_of_shiprockets_tracking_is_read_by_its_activities(tmp_path: Path) -> None:
    data = {
        "track_status": 1,
        "shipment_status": 7,
        "shipment_track": [{"awb_code": "788", "courier_name": "Xpressbees", "current_status": "Delivered"}],
        "shipment_track_activities": [sender.shiprocket_scan("7"), sender.shiprocket_scan("17")],
    }
    told = _events(sent(tmp_path / "pull.json", {"tracking_data": data}))
    assert {(event["awb_no"], event["transporter_code"], event["status"]) for event in told} == {
        ("788", "Xpressbees", "delivered"),
        ("788", "Xpressbees", "out_for_delivery"),
    }


@pytest.mark.parametrize(
    ("kind", "status", "nsl", "leg", "meant", "reason"),
    [
        ("UD", "In Transit", "X-ILL1F", None, "in_transit", None),
        ("RT", "In Transit", "X-ILL1R", "rto", "in_transit", None),
        ("DL", "Delivered", "EOD-38", None, "delivered", None),
        ("DL", "RTO", "RD-AC", "rto", "delivered", None),
        ("DL", "DTO", "RD-AC9", "rvp", "delivered", None),
        ("DTO", "DTO", "RD-AC", "rvp", "delivered", None),
        ("PU", "Pending", "RD-PD7", "rvp", "refused", "short"),
        ("PU", "Pending", "RD-PD10", "rvp", "refused", "wrong_item"),
        ("PU", "Pending", "RD-PD11", "rvp", "refused", "missing"),
        ("RT", "Pending", "RD-PD12", "rto", "refused", "damaged"),
        ("PU", "Pending", "RD-PD20", "rvp", "refused", "no_document"),
        ("PU", "Pending", "RD-PD21", "rvp", "refused", "packaging"),
        ("CN", "Canceled", "EOD-108", "rvp", "pickup_qc_failed", "short"),
        ("CN", "Canceled", "EOD-95", "rvp", "pickup_qc_failed", "damaged"),
        ("LT", "Lost", "LT-100", None, "lost", None),
        ("PP", "Dispatched", "X-DDD3FP", "rvp", "out_for_pickup", None),
        ("UD", "Pending", "EOD-74", None, "attempt_failed", "address"),
        ("UD", "Pending", "NEW-1", None, "unknown", None),
    ],
)
def test_delhivery_is_read_by_type_and_nsl_code(
    tmp_path: Path, kind: str, status: str, nsl: str, leg: str | None, meant: str, reason: str | None
) -> None:
    (event,) = _events(sent(tmp_path / "push.json", sender.delhivery(kind, status, nsl)))
    assert (event.get("leg"), event["status"], event.get("reason")) == (leg, meant, reason)
    assert (event["transporter_code"], event["raw_code"]) == ("DELHIVERY", f"{kind}/{nsl}")


def test_a_status_of_delhivery_stands_where_only_its_nsl_code_is_new(tmp_path: Path) -> None:
    path = sent(tmp_path / "push.json", sender.delhivery("DL", "Delivered", "EOD-999"))
    (event,) = _events(path)
    assert event["status"] == "delivered"
    assert "its reason is not: delhivery DL/EOD-999 (1)" in _findings(path)


def test_the_packages_of_delhivery_are_read_scan_by_scan(tmp_path: Path) -> None:
    scan = {
        "ScanType": "UD",
        "Scan": "Manifested",
        "ScanDateTime": "2026-11-01T09:00:00.001",
        "StatusCode": "X-UCI",
    }
    later = {**scan, "Scan": "In Transit", "ScanDateTime": "2026-11-02T09:00:00.001", "StatusCode": "X-DLL2F"}
    told = _events(sent(tmp_path / "pull.json", sender.delhivery_pull(later, scan)))
    assert [(event["awb_no"], event["status"]) for event in told] == [
        ("DL-9", "announced"),
        ("DL-9", "in_transit"),
    ]


def test_a_failed_quality_check_of_bluedart_says_why(tmp_path: Path) -> None:
    body = sender.bluedart(
        "016", "S", ShipmentMode="R", qc_failed={"Reason": "Not the same product", "Pictures": []}
    )
    (event,) = _events(sent(tmp_path / "push.json", body))
    assert (event["event_at"], event["status"], event["reason"]) == (
        "2026-06-17T18:50:00",
        "pickup_qc_failed",
        "wrong_item",
    )


@pytest.mark.parametrize(
    ("code", "group", "leg", "status"),
    [("000", "T", None, "delivered"), ("000", "RT", "rto", "delivered"),
     ("002", "RS", "rto", "out_for_delivery"),
     ("016", "T", "rto", "announced"), ("999", "T", None, "unknown")],
)  # fmt: skip
def test_the_group_of_bluedart_says_which_way(
    tmp_path: Path, code: str, group: str, leg: str | None, status: str
) -> None:
    (event,) = _events(sent(tmp_path / "push.json", sender.bluedart(code, group)))
    assert (event.get("leg"), event["status"]) == (leg, status)


def test_the_code_of_ecom_express_outranks_its_words(tmp_path: Path) -> None:
    body = sender.ecom_express("321", status="delivered", scan_status="HOLD")
    (event,) = _events(sent(tmp_path / "push.json", body))
    assert (event["status"], event["raw_text"], event["place"]) == ("on_hold", "delivered", "JRD, Vadodara")


def test_a_return_of_ecom_express_that_arrived_is_no_delivery(tmp_path: Path) -> None:
    (event,) = _events(sent(tmp_path / "push.json", sender.ecom_express("999", rts_shipment="1")))
    assert (event["leg"], event["status"]) == ("rto", "delivered")


def test_four_forms_of_dates_stand_in_one_message_of_ecom_express(tmp_path: Path) -> None:
    times = ("2026-06-14 15:03:00", "14 Jun, 2026, 15:03 hrs", "14-Jun-2026 15:03", "14/06/2026 15:03")
    scans = [{"reason_code_number": "005", "updated_on": at, "status": at, "location": "DEL"} for at in times]
    body = {"awb_number": "77", "reason_code_number": "005", "status": "x", "scans": scans}
    told = _events(sent(tmp_path / "pull.json", body))
    assert {event["event_at"].replace(" ", "T") for event in told} == {"2026-06-14T15:03:00"}


def test_an_answer_of_ecom_express_turned_from_xml_is_read_by_its_fields(tmp_path: Path) -> None:
    def fields(**named: str) -> dict[str, object]:
        return {"field": [{"@name": name, "#text": told} for name, told in named.items()]}

    scan = fields(updated_on="14 Jun, 2026, 15:03", status="Delivered", reason_code_number="999 - Delivered")
    shipment = fields(awb_number="77", reason_code_number="999", receiver="Anil")
    shipment["field"] += [{"@name": "scans", "object": [scan]}]  # type: ignore[operator]
    body = {"ecomexpress-objects": {"@version": "1.0", "object": shipment}}
    (event,) = _events(sent(tmp_path / "pull.json", body))
    assert (event["awb_no"], event["status"], event["signed_by"]) == ("77", "delivered", "Anil")


def test_aftership_is_read_by_its_subtags(tmp_path: Path) -> None:
    bodies = (sender.aftership("Exception", "Exception_011"), sender.aftership("Exception", "Exception_099"))
    first, second = _events(sent_lines(tmp_path / "hooks.jsonl", *bodies))
    assert (first["leg"], first["status"]) == ("rto", "delivered")
    assert first["event_at"] == "2026-11-05T10:00:00+05:30"
    assert (second["status"], second["transporter_code"]) == ("on_hold", "DTDC")


def test_easypost_events_are_read_by_status_and_detail(tmp_path: Path) -> None:
    (event,) = _events(sent(tmp_path / "hook.json", sender.easypost("return_to_sender", "delivered")))
    assert (event["leg"], event["status"], event["place"]) == ("rto", "delivered", "CHARLESTON, SC, US")


def test_payloads_of_several_senders_stand_in_one_file(tmp_path: Path) -> None:
    bodies = (
        sender.clickpost("8"),
        sender.delhivery("DL", "Delivered", "EOD-38"),
        sender.bluedart("000", "T"),
    )
    path = tmp_path / "all.json"
    path.write_text(json.dumps(bodies), encoding="utf-8")
    told = _events(path)
    assert [event["status"] for event in told] == ["delivered"] * 3
    assert [event["transporter_code"] for event in told] == ["dtdc", "DELHIVERY", "BLUEDART"]


def test_an_unknown_code_stays_unknown_and_is_named(tmp_path: Path) -> None:
    path = sent(tmp_path / "hook.json", sender.clickpost("777"))
    (event,) = _events(path)
    assert event["status"] == "unknown"
    assert "stays unknown, no table has its code: clickpost 777 (1)" in _findings(path)


def test_a_tenant_says_which_legs_are_returns_to_the_brand(tmp_path: Path) -> None:
    path = sent(tmp_path / "hook.json", sender.clickpost("8", is_rvp=True))
    (event,) = _events(path, legs={"rvp": "rtv"}, transporter_codes={"dtdc": "DTDC"})
    assert (event["leg"], event["transporter_code"]) == ("rtv", "DTDC")


def test_payloads_without_scans_and_of_nobody_are_kept_in_quarantine(tmp_path: Path) -> None:
    path = tmp_path / "hooks.json"
    empty = {"meta": {}, "result": {"1": {"valid": False}}}
    path.write_text(json.dumps([sender.clickpost("8"), empty, {"result": "?"}, 7]), encoding="utf-8")
    told, refused = reported(path)
    assert len(told["transporter_events"]) == 1
    assert sorted(refused) == ["None: JSON_NOT_OBJECT", "None: PAYLOAD_UNKNOWN", "None: TRACKING_EMPTY"]


def test_an_answer_says_of_each_waybill_what_it_knows(tmp_path: Path) -> None:
    known = {
        "scans": [sender.clickpost("8"), 7, None],
        "valid": True,
        "additional": {"courier_partner_name": "X"},
    }
    path = sent(tmp_path / "pull.json", {"result": {"695": known, "000": {"valid": False}}})
    told, refused = reported(path)
    assert [event["awb_no"] for event in told["transporter_events"]] == ["695"]
    assert refused == ["None: TRACKING_EMPTY", "event_at: REQUIRED_MISSING"]


def test_a_time_that_is_none_and_a_missing_waybill_are_refused_in_their_rows(tmp_path: Path) -> None:
    bodies = (sender.clickpost("8", at="yesterday"), {**sender.clickpost("8"), "waybill": ""})
    told, refused = reported(sent_lines(tmp_path / "hooks.jsonl", *bodies))
    assert told["transporter_events"] == []
    assert refused == ["event_at: TIMESTAMP_INVALID", "awb_no: REQUIRED_MISSING"]
