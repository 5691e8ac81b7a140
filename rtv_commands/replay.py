"""Replay files that were quarantined whole: recognised and read once more, with today's settings."""

from __future__ import annotations

from datetime import datetime

from ingest.loader import LoadedFile, load
from rtv_core.errors import ConflictError, NotFound
from rtv_core.identity import MENDERS, Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.inbox_store import file_by_id, reopen_file


def replay_file(
    dsn: str, store: ObjectStore, file_id: int, *, actor: Actor, now: datetime, file_name: str | None = None
) -> LoadedFile | None:
    """Load a file that was quarantined whole once more, under another name if one is given.

    Raises `NotFound` for a file of another tenant, `ConflictError` for one that is not in quarantine.
    """
    actor.require(*MENDERS)
    with connect(dsn, autocommit=True, application_name="rtv-replay") as connection:
        with connection.transaction():
            file = file_by_id(connection, file_id)
            if file is None or file["tenant_code"] != actor.tenant_code:
                raise NotFound(
                    f"No file {file_id}", remedy="`rtv quarantine list` shows them.", code="FILE_NOT_FOUND"
                )
            if file["file_status"] != "quarantined":
                raise ConflictError(
                    f"File {file_id} is {file['file_status']}, not in quarantine",
                    remedy="Replay its quarantined rows instead, with --code or --row.",
                    code="FILE_NOT_QUARANTINED",
                )
            reopen_file(connection, file_id, file_name)
            detail = {"file_name": file_name or file["file_name"], "was": file["error_code"]}
            write_audit(
                connection,
                tenant_code=actor.tenant_code,
                actor=actor,
                verb="replay_file",
                object_kind="files",
                object_id=str(file_id),
                detail=detail,
                now=now,
            )
        return load(connection, store, file_id, now=now)
