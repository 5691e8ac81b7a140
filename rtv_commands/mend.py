"""Mend quarantined rows, or replay them as they are: they come in again through the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from ingest.inbox import keep
from ingest.loader import LoadedFile, load
from ingest.mending import mended_file
from rtv_core.errors import NotFound
from rtv_core.identity import MENDERS, Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, connect
from rtv_core.warehouse.quarantine_store import mark_mended, quarantined_rows


@dataclass(frozen=True, slots=True)
class Choice:
    """Which open quarantined rows are meant: by id, or by cause; what is None does not narrow."""

    row_ids: Sequence[int] | None = None
    error_code: str | None = None
    contract_name: str | None = None
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class MendSummary:
    """How many rows were sent in again, and what became of them."""

    rows: int
    files: tuple[LoadedFile, ...]


def mend_rows(
    dsn: str,
    store: ObjectStore,
    choice: Choice,
    changes: Mapping[str, str | None],
    *,
    actor: Actor,
    now: datetime,
    way_in: str = "mend",
) -> MendSummary:
    """Change cells of the chosen rows and send them in again; the old rows are marked with who mended them.

    A row that is still wrong goes to quarantine anew. Raises `NotFound` when no open row fits the choice.
    """
    actor.require(*MENDERS)
    with connect(dsn, autocommit=True, application_name="rtv-mend") as connection:
        with connection.transaction():
            chosen = quarantined_rows(
                connection,
                actor.tenant_code,
                row_ids=choice.row_ids,
                error_code=choice.error_code,
                contract_name=choice.contract_name,
                file_id=choice.file_id,
                is_locking=True,
            )
            rows = [row for row in chosen if row["error_code"] != "SHEET_LEFT_OUT"]
            if not rows:
                raise _nothing_chosen(choice)
            kept = [
                _keep_mended(connection, store, name, found, changes, actor=actor, now=now, way_in=way_in)
                for name, found in _by_contract(rows)
            ]
        loaded = [load(connection, store, file_id, now=now) for file_id in kept]
    return MendSummary(len(rows), tuple(file for file in loaded if file))


def replay_rows(dsn: str, store: ObjectStore, choice: Choice, *, actor: Actor, now: datetime) -> MendSummary:
    """Send the chosen rows in again as they are: what refused them may have been put right meanwhile."""
    return mend_rows(dsn, store, choice, {}, actor=actor, now=now, way_in="replay")


def _by_contract(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    ordered = sorted(rows, key=lambda row: (row["contract_name"], row["quarantined_row_id"]))
    return [
        (name, list(found)) for name, found in groupby(ordered, key=lambda row: str(row["contract_name"]))
    ]


def _keep_mended(
    connection: Connection,
    store: ObjectStore,
    contract_name: str,
    rows: list[dict[str, Any]],
    changes: Mapping[str, str | None],
    *,
    actor: Actor,
    now: datetime,
    way_in: str,
) -> int:
    file_name, content = mended_file(contract_name, rows, changes)
    received = keep(connection, store, content, file_name=file_name, way_in=way_in, actor=actor, now=now)
    row_ids = [row["quarantined_row_id"] for row in rows]
    mark_mended(connection, row_ids, received.file_id, actor.name, now)
    detail = {"rows": row_ids, "changes": dict(changes), "file_id": received.file_id}
    write_audit(
        connection,
        tenant_code=actor.tenant_code,
        actor=actor,
        verb=f"{way_in}_rows",
        object_kind="quarantined_rows",
        object_id=str(received.file_id),
        detail=detail,
        now=now,
    )
    return received.file_id


def _nothing_chosen(choice: Choice) -> NotFound:
    return NotFound(
        f"No open quarantined row fits {choice}",
        remedy="`rtv quarantine list` shows the open causes; a row that was mended is closed.",
        code="QUARANTINE_EMPTY",
    )
