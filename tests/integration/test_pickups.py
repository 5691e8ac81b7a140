"""Handovers with their papers, at a platform's dock and at our gate: from the API into the raw rows.

What the marts make of it is held by tests/e2e/test_qc_app.py, which builds them.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from rtv_core.warehouse.bay_activity import latest_activity
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.bay import AWB, NODE, OPERATOR, RTV_NO, Bay

SIGNATURE = b"\x89PNG\r\n\x1a\n" + bytes(200)
SHA = hashlib.sha256(SIGNATURE).hexdigest()
AT = "2026-11-02T16:40:00+05:30"


def pickup(**changes: Any) -> dict[str, Any]:
    return {
        "pickup_id": "pu-00000001",
        "node_code": NODE,
        "bay_code": "DOCK-4",
        "operator_code": OPERATOR,
        "transporter_code": "SWIFT",
        "platform_code": "NYRA",
        "awb_no": AWB,
        "rtv_no": RTV_NO,
        "picked_up_at": AT,
        "cartons": 1,
        "weight_kg": "3.250",
        "seal_state": "intact",
        "remark": "1 of 2",
        "signed_by": "R. Iyer",
        "signature": {"sha256": SHA, "taken_at": AT},
        **changes,
    }


def upload(client: httpx.Client, data: bytes, media_type: str) -> None:
    told = {"filename": "signature", "filetype": media_type, "sha256": hashlib.sha256(data).hexdigest()}
    answer = client.post(
        "/v1/uploads",
        content=data,
        headers={
            "Tus-Resumable": "1.0.0",
            "Content-Type": "application/offset+octet-stream",
            "Upload-Length": str(len(data)),
            "Upload-Metadata": ",".join(
                f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items()
            ),
        },
    )
    assert answer.status_code == 201, answer.text


def post(client: httpx.Client, body: dict[str, Any], key: str = "pu-00000001") -> httpx.Response:
    return client.post("/v1/pickups", json=body, headers={"Idempotency-Key": key})


def test_a_pickup_becomes_an_event_and_its_papers_once(bay: Bay) -> None:
    with bay.client() as client:
        early = post(client, pickup())
        assert (early.status_code, early.json()["code"]) == (409, "MEDIA_NOT_COMPLETE")
        upload(client, SIGNATURE, "image/png")
        accepted, again = post(client, pickup()), post(client, pickup())
    assert (accepted.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")
    assert accepted.json() == again.json()
    bay.load()
    with connect(bay.dsn) as connection:
        files = fetch_all(
            connection,
            "select file_name, file_status, rows_loaded from ops.files where way_in = 'api' order by 1",
        )
        (event,) = fetch_all(connection, "select * from raw.transporter_events")
        (paper,) = fetch_all(connection, "select * from raw.documents")
        (seen,) = latest_activity(
            connection, "default", since=datetime.now(UTC) - timedelta(hours=1), limit=10
        )
    assert [tuple(file.values()) for file in files] == [
        ("documents_pu-00000001.jsonl", "loaded", 1),
        ("transporter_events_pu-00000001.jsonl", "loaded", 1),
    ]
    said = {name: event[name] for name in ("status", "leg", "place", "cartons", "seal_state", "signed_by")}
    assert said == {
        "status": "picked_up", "leg": "rtv", "place": NODE, "cartons": 1, "seal_state": "intact",
        "signed_by": "R. Iyer",
    }  # fmt: skip
    assert (paper["document_no"], paper["sha256"], paper["rtv_no"]) == (
        "pu-00000001-signature", SHA, RTV_NO,
    )  # fmt: skip
    assert (seen.activity_kind, seen.awb_no, seen.bay_code, seen.cartons) == ("pickup", AWB, "DOCK-4", 1)
    assert paper["uri"] == bay.store.uri(f"captures/default/{SHA[:2]}/{SHA}.png")


def test_a_gate_receipt_brings_its_papers(bay: Bay) -> None:
    receipt = {
        "receipt_id": "gr-00000001",
        "node_code": NODE,
        "bay_code": "BAY-1",
        "awb_no": AWB,
        "handover_at": AT,
        "cartons_received": 2,
        "seal_state": "broken",
        "operator_code": OPERATOR,
        "signature": {"sha256": SHA, "taken_at": AT},
    }
    with bay.client() as client:
        key = {"Idempotency-Key": "gr-00000001"}
        early = client.post("/v1/gate-receipts", json=receipt, headers=key)
        upload(client, SIGNATURE, "image/png")
        kept = client.post("/v1/gate-receipts", json=receipt, headers=key)
    assert (early.status_code, kept.status_code) == (409, 202)
    bay.load()
    with connect(bay.dsn) as connection:
        (row,) = fetch_all(connection, "select receipt_id, seal_state from raw.gate_receipts")
        (paper,) = fetch_all(connection, "select document_no, awb_no, sha256 from raw.documents")
    assert tuple(row.values()) == ("gr-00000001", "broken")
    assert tuple(paper.values()) == ("gr-00000001-signature", AWB, SHA)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"node_code": "NYRA-DEL"}, 403, "NODE_NOT_PERMITTED"),
        ({"seal_state": "glued"}, 422, "REQUEST_INVALID"),
        (
            {"signature": {"sha256": SHA, "taken_at": AT, "uri": "file:///etc/passwd"}},
            409,
            "MEDIA_NOT_COMPLETE",
        ),
    ],
)
def test_a_pickup_that_may_not_be_leaves_nothing(
    bay: Bay, changes: dict[str, Any], status: int, code: str
) -> None:
    with bay.client() as client:
        answer = post(client, pickup(**changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with connect(bay.dsn) as connection:
        assert fetch_all(connection, "select file_name from ops.files where way_in = 'api'") == []
