"""Reads and writes the outbox: what is to be sent, and one row for each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.warehouse.connection import Connection, fetch_all

CHANNELS = ("webhook", "erp")


@dataclass(frozen=True, slots=True)
class Message:
    """One message that is due."""

    outbox_id: int
    tenant_code: str
    message_id: str
    topic: str
    channel: str
    subject_key: str
    payload: dict[str, Any]
    created_at: datetime
    attempt_count: int


def insert_message(
    connection: Connection, *, tenant_code: str, message_id: str, topic: str, channel: str,
    subject_key: str, payload: dict[str, Any], now: datetime,
) -> bool:  # fmt: skip
    """Add a message; False when the same fact is in the outbox already."""
    row = connection.execute(
        """
        insert into ops.outbox (tenant_code, message_id, topic, channel, subject_key, payload,
                                created_at, next_attempt_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (tenant_code, channel, topic, subject_key) do nothing
        returning outbox_id
        """,
        (tenant_code, message_id, topic, channel, subject_key, Jsonb(payload), now, now),
    ).fetchone()
    return row is not None


def lock_next_due(
    connection: Connection, channels: list[str], now: datetime, after_id: int
) -> Message | None:
    """The next due message beyond `after_id`, locked until the transaction ends; others skip it."""
    rows = fetch_all(
        connection,
        """
        select o.outbox_id, o.tenant_code, o.message_id, o.topic, o.channel, o.subject_key, o.payload,
               o.created_at,
               (
                   select count(*) from ops.outbox_attempts as a where a.outbox_id = o.outbox_id
               ) as attempt_count
        from ops.outbox as o
        where o.message_status = 'pending' and o.next_attempt_at <= %s
          and o.channel = any(%s) and o.outbox_id > %s
        order by o.outbox_id limit 1 for update of o skip locked
        """,
        (now, channels, after_id),
    )
    return Message(**rows[0]) if rows else None


def record_attempt(
    connection: Connection, message: Message, *, started_at: datetime, finished_at: datetime,
    is_success: bool, status_code: int | None, answer: str, remote_reference: str | None,
) -> None:  # fmt: skip
    """One row for one attempt."""
    connection.execute(
        """
        insert into ops.outbox_attempts (outbox_id, attempt_no, started_at, finished_at, is_success,
                                         status_code, answer, remote_reference)
        values (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            message.outbox_id, message.attempt_count + 1, started_at, finished_at, is_success,
            status_code, answer.replace("\x00", ""), remote_reference,
        ),
    )  # fmt: skip


def mark_sent(connection: Connection, message: Message, now: datetime) -> None:
    """The receiver has it."""
    connection.execute(
        """
        update ops.outbox set message_status = 'sent', sent_at = %s, parked_reason = null
        where outbox_id = %s
        """,
        (now, message.outbox_id),
    )


def mark_parked(connection: Connection, message: Message, reason: str) -> None:
    """No further attempt unless a person releases it."""
    connection.execute(
        "update ops.outbox set message_status = 'parked', parked_reason = %s where outbox_id = %s",
        (reason.replace("\x00", ""), message.outbox_id),
    )


def postpone(connection: Connection, message: Message, until: datetime) -> None:
    """Try again at `until`."""
    connection.execute(
        "update ops.outbox set next_attempt_at = %s where outbox_id = %s", (until, message.outbox_id)
    )


def count_due(connection: Connection, channel: str, now: datetime) -> int:
    """Messages of a channel that are due."""
    row = connection.execute(
        """
        select count(*) as number from ops.outbox
        where message_status = 'pending' and channel = %s and next_attempt_at <= %s
        """,
        (channel, now),
    ).fetchone()
    return int(row["number"]) if row else 0
