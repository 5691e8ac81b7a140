"""Puts one message into the outbox, as an act of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.identity import Actor, Role
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse.connection import connect


def enqueue_message(
    dsn: str,
    *,
    topic: str,
    channel: str,
    subject_key: str,
    payload: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> str:
    """Add a message of the actor's tenant and return its id; the same fact again is a no-op.

    Where a fact is written in the same step, use `rtv_core.outbound.outbox.enqueue` in its transaction.
    """
    actor.require(Role.OPS, Role.CLAIMS, Role.FINANCE, Role.MACHINE)
    with connect(dsn, application_name="rtv-outbound") as connection:
        return enqueue(
            connection,
            tenant_code=actor.tenant_code,
            topic=topic,
            channel=channel,
            subject_key=subject_key,
            payload=payload,
            now=now,
        )
