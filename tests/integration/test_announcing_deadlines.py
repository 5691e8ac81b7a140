"""Deadlines that come near are announced once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rtv_commands.announce_deadlines import NEAR_DAYS, announce_deadlines
from rtv_core.warehouse.connection import connect

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NEAR = timedelta(days=NEAR_DAYS)
_MART = """
create table marts.fct_deadlines (
    tenant_code text, deadline_key text, party_code text, clock_code text, platform_code text, rtv_no text,
    awb_no text, rule_code text, due_at timestamptz, state text, value_at_risk_minor bigint
)
"""


@pytest.fixture
def dsn(warehouse_dsn: str) -> str:
    """A warehouse with a stand-in of the mart of deadlines."""
    with connect(warehouse_dsn) as connection:
        connection.execute("drop view if exists marts.fct_deadlines")
        connection.execute(_MART)
    return warehouse_dsn


def _add(dsn: str, key: str, due_at: datetime, state: str = "open", tenant_code: str = "default") -> None:
    with connect(dsn) as connection:
        connection.execute(
            "insert into marts.fct_deadlines values (%s, %s, 'AMAZON', 'claim', 'AMAZON', 'RTV-1', 'AWB1', "
            "'unit_short', %s, %s, 30000)",
            (tenant_code, key, due_at, state),
        )


def _messages(dsn: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return connection.execute(
            "select tenant_code, topic, channel, subject_key, payload from ops.outbox order by outbox_id"
        ).fetchall()


def test_a_deadline_within_three_days_is_announced(dsn: str) -> None:
    due_at = NOW + NEAR
    _add(dsn, "near", due_at)
    assert announce_deadlines(dsn, now=NOW).counts() == {"deadlines_near": 1}
    (message,) = _messages(dsn)
    assert (message["tenant_code"], message["topic"], message["channel"]) == (
        "default", "deadline.near", "webhook",
    )  # fmt: skip
    assert message["subject_key"] == f"near@{due_at.isoformat()}"
    assert message["payload"] == {
        "tenant_code": "default", "deadline_key": "near", "party_code": "AMAZON", "clock_code": "claim",
        "platform_code": "AMAZON", "rtv_no": "RTV-1", "awb_no": "AWB1", "rule_code": "unit_short",
        "due_at": due_at.isoformat(), "value_at_risk_minor": 30000,
    }  # fmt: skip


def test_the_same_deadline_is_announced_once_and_a_moved_one_again(dsn: str) -> None:
    _add(dsn, "near", NOW + timedelta(days=1))
    for hours in (0, 1, 2):
        announce_deadlines(dsn, now=NOW + timedelta(hours=hours))
    assert len(_messages(dsn)) == 1
    with connect(dsn) as connection:
        connection.execute("update marts.fct_deadlines set due_at = due_at + interval '1 day'")
    announce_deadlines(dsn, now=NOW)
    assert [message["subject_key"][-25:] for message in _messages(dsn)] == [
        "2026-11-21T09:30:00+00:00", "2026-11-22T09:30:00+00:00",
    ]  # fmt: skip


def test_deadlines_far_off_past_or_closed_are_not_announced(dsn: str) -> None:
    _add(dsn, "far", NOW + NEAR + timedelta(microseconds=1))
    _add(dsn, "past", NOW)
    _add(dsn, "met", NOW + timedelta(days=1), state="met")
    assert announce_deadlines(dsn, now=NOW).deadlines_near == 0
    assert _messages(dsn) == []


def test_each_tenant_has_its_own_message(dsn: str) -> None:
    _add(dsn, "near", NOW + timedelta(days=1))
    _add(dsn, "near", NOW + timedelta(days=1), tenant_code="brand-b")
    assert announce_deadlines(dsn, now=NOW).deadlines_near == 2
    assert {message["tenant_code"] for message in _messages(dsn)} == {"default", "brand-b"}


def test_before_the_first_build_there_is_nothing_to_announce(warehouse_dsn: str) -> None:
    assert announce_deadlines(warehouse_dsn, now=NOW).deadlines_near == 0
    assert _messages(warehouse_dsn) == []
