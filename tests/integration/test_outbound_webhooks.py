"""Messages leave the outbox as signed webhooks, with one row for each attempt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rtv_commands.enqueue_message import enqueue_message
from rtv_commands.send_outbound import send_outbound
from rtv_core.errors import ConfigurationError
from rtv_core.identity import job
from rtv_core.outbound.outbox import enqueue
from rtv_core.settings import Settings
from rtv_core.warehouse.connection import connect
from tests.conftest import free_port
from tests.fixtures.webhook_receiver import SECRET, Receiver, webhook_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as running:
        yield running


def _settings(url: str | None, **more: Any) -> Settings:
    return Settings.model_validate({"outbound": {"webhook_url": url, "webhook_secret": SECRET, **more}})


def _enqueue(dsn: str, subject: str = "C-1", payload: dict[str, Any] | None = None) -> str:
    return enqueue_message(
        dsn, topic="claim.approved", channel="webhook", subject_key=subject,
        payload=payload or {"claim_no": subject, "party_name": "अमेज़न"}, actor=job("test"),
        now=datetime.now(UTC),
    )  # fmt: skip


def _rows(dsn: str, query: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_message_arrives_once_with_a_signature_that_holds(warehouse_dsn: str, receiver: Receiver) -> None:
    message_id = _enqueue(warehouse_dsn)
    assert _enqueue(warehouse_dsn) == message_id
    now = datetime.now(UTC)
    assert send_outbound(warehouse_dsn, _settings(receiver.url), now).counts()["sent"] == 1
    assert send_outbound(warehouse_dsn, _settings(receiver.url), now).counts()["sent"] == 0
    assert receiver.rejected == []
    (event,) = receiver.events
    assert receiver.ids == [message_id]
    assert (event["id"], event["type"], event["specversion"]) == (message_id, "rtv-hub.claim.approved", "1.0")
    assert event["data"] == {"claim_no": "C-1", "party_name": "अमेज़न"}
    attempts = _rows(warehouse_dsn, "select attempt_no, is_success, status_code from ops.outbox_attempts")
    assert attempts == [{"attempt_no": 1, "is_success": True, "status_code": 204}]


def test_a_failed_message_is_tried_again_later_with_the_reason_kept(
    warehouse_dsn: str, receiver: Receiver
) -> None:
    _enqueue(warehouse_dsn)
    receiver.answers = [
        (500, {}, b"database down"),
        (422, {}, b"no such party"),
        (503, {"retry-after": "7200"}, b""),
    ]
    now = datetime.now(UTC)
    settings = _settings(receiver.url)
    assert send_outbound(warehouse_dsn, settings, now).postponed == 1
    assert send_outbound(warehouse_dsn, settings, now).postponed == 0
    assert send_outbound(warehouse_dsn, settings, now + timedelta(seconds=10)).postponed == 1
    assert send_outbound(warehouse_dsn, settings, now + timedelta(seconds=60)).postponed == 1
    assert send_outbound(warehouse_dsn, settings, now + timedelta(seconds=7000)).postponed == 0
    attempts = _rows(
        warehouse_dsn, "select status_code, answer, is_success from ops.outbox_attempts order by attempt_no"
    )
    assert [(row["status_code"], row["answer"]) for row in attempts] == [
        (500, "database down"), (422, "no such party"), (503, ""),
    ]  # fmt: skip
    assert len(set(receiver.ids)) == 1


def test_a_receiver_that_is_gone_parks_the_message(warehouse_dsn: str, receiver: Receiver) -> None:
    _enqueue(warehouse_dsn)
    receiver.answers = [(410, {}, b"moved away")]
    assert send_outbound(warehouse_dsn, _settings(receiver.url), datetime.now(UTC)).parked == 1
    row = _rows(warehouse_dsn, "select message_status, parked_reason from ops.outbox")[0]
    assert row == {"message_status": "parked", "parked_reason": "refused for good (status 410): moved away"}


def test_a_message_is_parked_after_its_last_attempt(warehouse_dsn: str) -> None:
    _enqueue(warehouse_dsn)
    settings = _settings(f"http://127.0.0.1:{free_port()}/", max_attempts=2, timeout_seconds=2)
    now = datetime.now(UTC)
    assert send_outbound(warehouse_dsn, settings, now).postponed == 1
    assert send_outbound(warehouse_dsn, settings, now + timedelta(days=1)).parked == 1
    assert (
        "2 attempts failed: ConnectError"
        in _rows(warehouse_dsn, "select parked_reason from ops.outbox")[0]["parked_reason"]
    )


def test_a_receiver_that_is_down_is_asked_once_a_round(warehouse_dsn: str) -> None:
    for number in range(5):
        _enqueue(warehouse_dsn, f"C-{number}")
    settings = _settings(f"http://127.0.0.1:{free_port()}/", timeout_seconds=2)
    assert send_outbound(warehouse_dsn, settings, datetime.now(UTC)).postponed == 1
    assert len(_rows(warehouse_dsn, "select * from ops.outbox_attempts")) == 1


def test_a_redirect_is_not_followed(warehouse_dsn: str, receiver: Receiver) -> None:
    _enqueue(warehouse_dsn)
    receiver.answers = [(302, {"location": receiver.url}, b"")]
    assert send_outbound(warehouse_dsn, _settings(receiver.url), datetime.now(UTC)).postponed == 1
    assert len(receiver.ids) == 1


def test_an_endless_answer_is_cut(warehouse_dsn: str, receiver: Receiver) -> None:
    _enqueue(warehouse_dsn)
    receiver.answers = [(400, {}, b"x" * 5_000_000)]
    send_outbound(warehouse_dsn, _settings(receiver.url), datetime.now(UTC))
    assert len(_rows(warehouse_dsn, "select answer from ops.outbox_attempts")[0]["answer"]) == 4000


def test_a_message_is_there_only_if_its_fact_is(warehouse_dsn: str) -> None:
    with connect(warehouse_dsn) as connection, connection.transaction(force_rollback=True):
        enqueue(
            connection, tenant_code="default", topic="t", channel="webhook", subject_key="s", payload={},
            now=datetime.now(UTC),
        )  # fmt: skip
    assert _rows(warehouse_dsn, "select * from ops.outbox") == []


def test_without_a_receiver_nothing_is_sent_and_nothing_lost(warehouse_dsn: str) -> None:
    _enqueue(warehouse_dsn)
    settings = Settings()
    assert send_outbound(warehouse_dsn, settings, datetime.now(UTC)).counts() == {
        "sent": 0, "postponed": 0, "parked": 0, "not_configured": 1,
    }  # fmt: skip


def test_nothing_is_sent_unsigned(warehouse_dsn: str, receiver: Receiver) -> None:
    _enqueue(warehouse_dsn)
    settings = Settings.model_validate({"outbound": {"webhook_url": receiver.url}})
    with pytest.raises(ConfigurationError, match="no secret"):
        send_outbound(warehouse_dsn, settings, datetime.now(UTC))
    assert receiver.ids == []
