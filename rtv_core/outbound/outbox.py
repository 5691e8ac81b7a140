"""Puts a message into the outbox, within the transaction of the fact it tells."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from rtv_core.errors import InvalidInput
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.outbox_store import CHANNELS, insert_message

MAX_PAYLOAD_BYTES = 1024**2


def message_id_of(tenant_code: str, channel: str, topic: str, subject_key: str) -> str:
    """The id every attempt carries: the same fact has the same id for ever."""
    name = json.dumps([tenant_code, channel, topic, subject_key], ensure_ascii=False).encode()
    return f"msg_{hashlib.sha256(name).hexdigest()[:32]}"


def enqueue(
    connection: Connection,
    *,
    tenant_code: str,
    topic: str,
    channel: str,
    subject_key: str,
    payload: dict[str, Any],
    now: datetime,
) -> str:
    """Add one message and return its id; the same fact again is a no-op. The caller's transaction decides."""
    if channel not in CHANNELS:
        raise InvalidInput(
            f"{channel!r} is no channel",
            remedy=f"Use one of: {', '.join(sorted(CHANNELS))}.",
            code="OUTBOX_CHANNEL",
        )
    size = len(json.dumps(payload, ensure_ascii=False).encode())
    if size > MAX_PAYLOAD_BYTES:
        raise InvalidInput(
            f"The message on {subject_key} has {size} bytes, more than {MAX_PAYLOAD_BYTES}",
            remedy="Send a reference to the content in place of the content.",
            code="OUTBOX_PAYLOAD_TOO_LARGE",
        )
    message_id = message_id_of(tenant_code, channel, topic, subject_key)
    insert_message(
        connection, tenant_code=tenant_code, message_id=message_id, topic=topic, channel=channel,
        subject_key=subject_key, payload=payload, now=now,
    )  # fmt: skip
    return message_id
