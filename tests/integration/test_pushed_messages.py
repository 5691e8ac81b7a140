"""Messages that transporters push: proven, kept once however often they come, loaded like any file."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random

import httpx
import orjson
from standardwebhooks import Webhook

from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.bay import HOOK_SECRET, HOOK_TOKEN, Bay
from tests.unit.ingest.sources.tracking import payloads as sender

MESSAGES, TIMES = 20, 5


def _shiprocket(number: int) -> bytes:
    scan = sender.shiprocket_scan("42", at=f"2026-11-05 10:{number:02d}:00")
    return orjson.dumps(sender.shiprocket(scan, awb=f"190414247515{number:02d}", shipment_status_id=42))


def _push(bay: Bay, body: bytes, token: str = HOOK_TOKEN) -> httpx.Response:
    return httpx.post(
        f"{bay.url}/v1/hooks/shiprocket", content=body, headers={"X-Api-Key": token}, timeout=30
    )


def test_each_message_has_one_effect_in_any_order_and_however_often_it_comes(bay: Bay) -> None:
    pushes = [_shiprocket(number) for number in range(MESSAGES)] * TIMES
    Random(3).shuffle(pushes)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: _push(bay, body), pushes))
    assert {answer.status_code for answer in answers} == {202}
    assert sum(not answer.json()["is_replay"] for answer in answers) == MESSAGES
    bay.load()
    # After months the sender tells it all again.
    assert all(_push(bay, body).json()["is_replay"] for body in pushes[:MESSAGES])
    bay.load()
    with connect(bay.dsn) as connection:
        events = fetch_all(
            connection, "select awb_no from raw.transporter_events where _superseded_at is null"
        )
        ways = fetch_all(
            connection, "select distinct way_in from ops.files where file_name like 'shiprocket%%'"
        )
    assert len({event["awb_no"] for event in events}) == len(events) == MESSAGES
    assert [row["way_in"] for row in ways] == ["webhook"]


def test_a_signed_message_counts_once_by_its_id_though_its_bytes_differ(bay: Bay) -> None:
    bodies = [_shiprocket(1), _shiprocket(1) + b"\n"]
    answers = []
    for body in bodies:
        now = datetime.now(UTC)
        signature = Webhook(HOOK_SECRET).sign("msg_77", now, body.decode())
        headers = {
            "webhook-id": "msg_77",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        answers.append(httpx.post(f"{bay.url}/v1/hooks/delhivery", content=body, headers=headers).json())
    assert [answer["is_replay"] for answer in answers] == [False, True]
    assert answers[0]["file_id"] == answers[1]["file_id"]


def test_without_proof_nothing_is_kept(bay: Bay) -> None:
    refused = [
        _push(bay, _shiprocket(1), token="wrong-token-of-some-length"),
        httpx.post(f"{bay.url}/v1/hooks/nobody", content=_shiprocket(1)),
        httpx.post(f"{bay.url}/v1/hooks/delhivery", content=_shiprocket(1)),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert {answer.json()["code"] for answer in refused} == {"HOOK_NOT_PROVEN"}
    assert (
        len(
            {
                answer.text.replace("nobody", "").replace("shiprocket", "").replace("delhivery", "")
                for answer in refused
            }
        )
        == 1
    )
    empty = _push(bay, b" ")
    assert (empty.status_code, empty.json()["code"]) == (422, "HOOK_EMPTY")
    with connect(bay.dsn) as connection:
        assert fetch_all(connection, "select 1 from ops.files where way_in = 'webhook'") == []


def test_a_push_is_answered_before_the_sender_gives_up(bay: Bay) -> None:
    """Delhivery drops a push that is not answered within 500 ms."""
    taken = []
    for number in range(20):
        started = time.perf_counter()
        assert _push(bay, _shiprocket(number)).status_code == 202
        taken.append(time.perf_counter() - started)
    assert sorted(taken)[len(taken) // 2] < 0.5
