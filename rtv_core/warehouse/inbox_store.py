"""Reads and writes of the inbox: files, repeats, source settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.identity import Actor
from rtv_core.warehouse.connection import Connection, fetch_all

Row = dict[str, Any]


def find_file(connection: Connection, tenant_code: str, sha256: str) -> Row | None:
    """The file of a tenant with these bytes, locked; None when there is none."""
    return connection.execute(
        "select * from ops.files where tenant_code = %s and sha256 = %s for update", (tenant_code, sha256)
    ).fetchone()


def insert_file(
    connection: Connection,
    *,
    tenant_code: str,
    sha256: str,
    file_name: str,
    size_bytes: int,
    object_key: str,
    way_in: str,
    received_at: datetime,
    received_by: str,
) -> int | None:
    """Add a file; its id, or None when the tenant already has these bytes."""
    row = connection.execute(
        """insert into ops.files (
               tenant_code, sha256, file_name, size_bytes, object_key, way_in, received_at, received_by
           ) values (%s, %s, %s, %s, %s, %s, %s, %s)
           on conflict (tenant_code, sha256) do nothing returning file_id""",
        (tenant_code, sha256, file_name, size_bytes, object_key, way_in, received_at, received_by),
    ).fetchone()
    return int(row["file_id"]) if row else None


def file_of_message(connection: Connection, hook_name: str, message_id: str) -> int | None:
    """The file that holds a pushed message of this id; None when it is new."""
    row = connection.execute(
        "select file_id from ops.hook_messages where hook_name = %s and message_id = %s",
        (hook_name, message_id),
    ).fetchone()
    return int(row["file_id"]) if row else None


def remember_message(
    connection: Connection, hook_name: str, message_id: str, file_id: int, received_at: datetime
) -> None:
    """Remember which file holds a pushed message."""
    connection.execute(
        """insert into ops.hook_messages (hook_name, message_id, file_id, received_at)
           values (%s, %s, %s, %s) on conflict do nothing""",
        (hook_name, message_id, file_id, received_at),
    )


def insert_repeat(
    connection: Connection,
    file_id: int,
    file_name: str,
    *,
    way_in: str,
    received_at: datetime,
    received_by: str,
) -> None:
    """Remember that the same bytes came again."""
    connection.execute(
        """insert into ops.file_repeats (file_id, file_name, way_in, received_at, received_by)
           values (%s, %s, %s, %s, %s)""",
        (file_id, file_name, way_in, received_at, received_by),
    )


def reopen_file(connection: Connection, file_id: int, file_name: str | None = None) -> None:
    """Make a file that was quarantined whole wait for loading again, under a new name if one is given."""
    connection.execute(
        """update ops.files set file_status = 'received', file_name = coalesce(%s, file_name), attempts = 0,
                  error_code = null, error_fact = null, error_remedy = null
           where file_id = %s and file_status = 'quarantined'""",
        (file_name, file_id),
    )


def pending_file_ids(connection: Connection, tenant_code: str | None = None) -> list[int]:
    """The files that wait for loading: the least often tried first, then the oldest."""
    rows = fetch_all(
        connection,
        """select file_id from ops.files
           where file_status in ('received', 'loading') and (%s::text is null or tenant_code = %s)
           order by attempts, received_at, file_id""",
        (tenant_code, tenant_code),
    )
    return [int(row["file_id"]) for row in rows]


def count_attempt(connection: Connection, file_id: int) -> None:
    """Count one more attempt to load a file, before it is tried."""
    connection.execute(
        "update ops.files set attempts = attempts + 1 "
        "where file_id = %s and file_status in ('received', 'loading')",
        (file_id,),
    )


def claim_file(connection: Connection, file_id: int) -> Row | None:
    """The waiting file, locked; None when it waits no longer or another process loads it."""
    return connection.execute(
        """select * from ops.files where file_id = %s and file_status in ('received', 'loading')
           for update skip locked""",
        (file_id,),
    ).fetchone()


def file_by_id(connection: Connection, file_id: int) -> Row | None:
    """One file."""
    return connection.execute("select * from ops.files where file_id = %s", (file_id,)).fetchone()


def finish_file(
    connection: Connection,
    file_id: int,
    *,
    contract_name: str,
    source_name: str,
    rows_in: int,
    rows_loaded: int,
    rows_superseded: int,
    rows_quarantined: int,
    loaded_at: datetime,
) -> None:
    """Mark a file loaded, with what became of its rows."""
    connection.execute(
        """update ops.files set file_status = 'loaded', contract_name = %s, source_name = %s, rows_in = %s,
                  rows_loaded = %s, rows_superseded = %s, rows_quarantined = %s, loaded_at = %s
           where file_id = %s""",
        (
            contract_name,
            source_name,
            rows_in,
            rows_loaded,
            rows_superseded,
            rows_quarantined,
            loaded_at,
            file_id,
        ),
    )


def quarantine_file(connection: Connection, file_id: int, code: str, fact: str, remedy: str) -> None:
    """Put a whole file in quarantine."""
    connection.execute(
        """update ops.files
           set file_status = 'quarantined', error_code = %s, error_fact = %s, error_remedy = %s
           where file_id = %s""",
        (code, fact, remedy, file_id),
    )


def source_settings(connection: Connection, tenant_code: str, source_name: str) -> Row:
    """What a tenant has set for a source; empty when nothing."""
    row = connection.execute(
        "select settings from ops.source_settings where tenant_code = %s and source_name = %s",
        (tenant_code, source_name),
    ).fetchone()
    return dict(row["settings"]) if row else {}


def save_source_settings(connection: Connection, source_name: str, settings: Row, actor: Actor) -> None:
    """Set a source's settings for the actor's tenant."""
    connection.execute(
        """insert into ops.source_settings (tenant_code, source_name, settings, set_by)
           values (%s, %s, %s, %s)
           on conflict (tenant_code, source_name)
           do update set settings = excluded.settings, set_by = excluded.set_by, set_at = now()""",
        (actor.tenant_code, source_name, Jsonb(settings), actor.name),
    )
