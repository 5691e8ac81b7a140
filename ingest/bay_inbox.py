"""The bay's way into the inbox: one line of JSON, received once per idempotency key."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from ingest.inbox import ReceivedFile, keep
from rtv_core.errors import InvalidInput, NotPermitted
from rtv_core.identity import Actor
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.connection import Connection, connect, make_durable


@dataclass(frozen=True, slots=True)
class BayDoor:
    """Where the bay's files go and who sends them; `node_code` None: any node of the tenant."""

    dsn: str
    store: ObjectStore
    actor: Actor
    node_code: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class BayAnswer:
    """What is answered; `is_replay` when the same request was answered before."""

    status: int
    body: dict[str, Any]
    is_replay: bool


def require_node(own_node_code: str | None, node_code: str) -> None:
    """Refuse what belongs to another node than the sender, who belongs to every node when his is None."""
    if own_node_code is not None and own_node_code != node_code:
        raise NotPermitted(
            f"The sender belongs to {own_node_code}, the record to {node_code}",
            remedy="Sign in at a station of that node.",
            code="NODE_NOT_PERMITTED",
        )


def keep_rows(
    connection: Connection, door: BayDoor, file_name: str, rows: Sequence[Mapping[str, Any]]
) -> ReceivedFile:
    """Keep canonical rows as one file of the inbox, a line of JSON each; durable with the transaction."""
    lines = b"".join(
        orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE) for row in rows
    )
    return keep(
        connection,
        door.store,
        io.BytesIO(lines),
        file_name=file_name,
        way_in="api",
        actor=door.actor,
        now=door.now,
    )


def receive_once(
    door: BayDoor,
    *,
    route: str,
    idempotency_key: str,
    request: Mapping[str, Any],
    record: Callable[[Connection], tuple[str, dict[str, Any]]],
) -> BayAnswer:
    """Keep one record as a file of the inbox, exactly once per key.

    `record` makes (file name, canonical row) inside the transaction that holds the key. The inbox row and the
    remembered answer are committed together; the bytes are in the store before either.
    """
    body_sha256 = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).hexdigest()
    tenant = door.actor.tenant_code
    with connect(door.dsn, application_name="rtv-bay") as connection:
        make_durable(connection)
        bay_store.lock_idempotency_key(connection, tenant, route, idempotency_key)
        before = bay_store.remembered_answer(connection, tenant, route, idempotency_key)
        if before is not None:
            if before["body_sha256"] != body_sha256:
                raise InvalidInput(
                    f"The Idempotency-Key {idempotency_key} was used for another body",
                    remedy="Send the first body again, or use a new key for a new record.",
                    code="IDEMPOTENCY_KEY_REUSED",
                )
            return BayAnswer(before["answer_status"], before["answer"], is_replay=True)
        file_name, row = record(connection)
        received = keep_rows(connection, door, file_name, [row])
        answer = {
            "file_name": file_name,
            "file_id": received.file_id,
            "sha256": received.sha256,
            "status": "accepted",
        }
        bay_store.remember_answer(
            connection,
            tenant_code=tenant,
            route=route,
            key=idempotency_key,
            body_sha256=body_sha256,
            status=202,
            answer=answer,
        )
    return BayAnswer(202, answer, is_replay=False)
