"""What the bay writes and reads: operators, API keys, idempotency keys, uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.warehouse.connection import Connection, fetch_all


def save_operator(
    connection: Connection,
    *,
    tenant_code: str,
    operator_code: str,
    operator_name: str,
    node_code: str,
    pin_hash: str,
) -> None:
    """Add an operator, or give a known one a new name, node and PIN and let him in again."""
    connection.execute(
        """
        insert into ops.operators (tenant_code, operator_code, operator_name, node_code, pin_hash)
        values (%s, %s, %s, %s, %s)
        on conflict (tenant_code, operator_code) do update set
            operator_name = excluded.operator_name, node_code = excluded.node_code,
            pin_hash = excluded.pin_hash, is_active = true
        """,
        (tenant_code, operator_code, operator_name, node_code, pin_hash),
    )


def operator(connection: Connection, tenant_code: str, operator_code: str) -> dict[str, Any] | None:
    """One operator, or None."""
    return connection.execute(
        "select * from ops.operators where tenant_code = %s and operator_code = %s",
        (tenant_code, operator_code),
    ).fetchone()


def operators(connection: Connection, tenant_code: str) -> list[dict[str, Any]]:
    """Operators of a tenant, without their PIN hashes."""
    return fetch_all(
        connection,
        """
        select operator_code, operator_name, node_code, is_active, created_at, last_signed_in_at
        from ops.operators where tenant_code = %s order by node_code, operator_code
        """,
        (tenant_code,),
    )


def note_sign_in(connection: Connection, tenant_code: str, operator_code: str, now: datetime) -> None:
    """Remember when an operator last signed in."""
    connection.execute(
        "update ops.operators set last_signed_in_at = %s where tenant_code = %s and operator_code = %s",
        (now, tenant_code, operator_code),
    )


def add_api_key(
    connection: Connection,
    *,
    key_id: str,
    tenant_code: str,
    key_name: str,
    key_hash: str,
    roles: list[str],
    node_code: str | None,
    party_code: str | None,
) -> None:
    """Keep the hash of a new API key."""
    connection.execute(
        """
        insert into ops.api_keys (key_id, tenant_code, key_name, key_hash, roles, node_code, party_code)
        values (%s, %s, %s, %s, %s, %s, %s)
        """,
        (key_id, tenant_code, key_name, key_hash, roles, node_code, party_code),
    )


def api_keys(connection: Connection, tenant_code: str) -> list[dict[str, Any]]:
    """Keys of a tenant, without their hashes, the newest first."""
    return fetch_all(
        connection,
        """
        select key_id, key_name, roles, node_code, party_code, created_at, revoked_at
        from ops.api_keys where tenant_code = %s order by created_at desc, key_id
        """,
        (tenant_code,),
    )


def revoke_api_key(connection: Connection, tenant_code: str, key_id: str, now: datetime) -> bool:
    """Let a key open nothing from now on; False when the tenant has no such key."""
    done = connection.execute(
        """
        update ops.api_keys set revoked_at = coalesce(revoked_at, %s)
        where tenant_code = %s and key_id = %s
        """,
        (now, tenant_code, key_id),
    )
    return done.rowcount == 1


def api_key(connection: Connection, key_id: str) -> dict[str, Any] | None:
    """One API key that is not revoked, or None."""
    return connection.execute(
        "select * from ops.api_keys where key_id = %s and revoked_at is null", (key_id,)
    ).fetchone()


def lock_idempotency_key(connection: Connection, tenant_code: str, route: str, key: str) -> None:
    """Let one transaction at a time work on a key; held until it ends."""
    connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 7270))", ("\x1f".join((tenant_code, route, key)),)
    )


def remembered_answer(
    connection: Connection, tenant_code: str, route: str, key: str
) -> dict[str, Any] | None:
    """What was answered to a key before: body_sha256, answer_status, answer; or None."""
    return connection.execute(
        """
        select body_sha256, answer_status, answer from ops.idempotency_keys
        where tenant_code = %s and route = %s and idempotency_key = %s
        """,
        (tenant_code, route, key),
    ).fetchone()


def remember_answer(
    connection: Connection,
    *,
    tenant_code: str,
    route: str,
    key: str,
    body_sha256: str,
    status: int,
    answer: dict[str, Any],
) -> None:
    """Keep the answer to a key."""
    connection.execute(
        """
        insert into ops.idempotency_keys
            (tenant_code, route, idempotency_key, body_sha256, answer_status, answer)
        values (%s, %s, %s, %s, %s, %s)
        """,
        (tenant_code, route, key, body_sha256, status, Jsonb(answer)),
    )


def add_upload(
    connection: Connection,
    *,
    upload_id: str,
    tenant_code: str,
    file_name: str,
    media_type: str | None,
    capture_id: str | None,
    size_bytes: int,
    sha256_expected: str | None,
    upload_metadata: str | None,
    created_by: str,
    expires_at: datetime,
) -> None:
    """Begin an upload."""
    connection.execute(
        """
        insert into ops.uploads (upload_id, tenant_code, file_name, media_type, capture_id, size_bytes,
                                 sha256_expected, upload_metadata, created_by, expires_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            upload_id,
            tenant_code,
            file_name,
            media_type,
            capture_id,
            size_bytes,
            sha256_expected,
            upload_metadata,
            created_by,
            expires_at,
        ),
    )


def upload(connection: Connection, tenant_code: str, upload_id: str) -> dict[str, Any] | None:
    """One upload of this tenant, or None."""
    return connection.execute(
        "select * from ops.uploads where tenant_code = %s and upload_id = %s", (tenant_code, upload_id)
    ).fetchone()


def completed_upload(connection: Connection, tenant_code: str, sha256: str) -> dict[str, Any] | None:
    """A finished upload whose bytes have this hash, or None."""
    return connection.execute(
        """
        select * from ops.uploads
        where tenant_code = %s and sha256 = %s and completed_at is not null
        order by completed_at limit 1
        """,
        (tenant_code, sha256),
    ).fetchone()


def open_uploads(connection: Connection, tenant_code: str, sha256: str) -> list[dict[str, Any]]:
    """Uploads under way that promise bytes of this hash."""
    return fetch_all(
        connection,
        """
        select upload_id, size_bytes, offset_bytes from ops.uploads
        where tenant_code = %s and sha256_expected = %s and completed_at is null and refused_code is null
        """,
        (tenant_code, sha256),
    )


def complete_upload(
    connection: Connection, *, upload_id: str, sha256: str, object_key: str, now: datetime
) -> bool:
    """Mark an upload as kept; False when it was before."""
    done = connection.execute(
        """
        update ops.uploads
        set sha256 = %s, object_key = %s, completed_at = %s, offset_bytes = size_bytes
        where upload_id = %s and completed_at is null
        """,
        (sha256, object_key, now, upload_id),
    )
    return done.rowcount == 1


def refuse_upload(connection: Connection, upload_id: str, code: str) -> None:
    """Mark an upload whose bytes were thrown away."""
    connection.execute("update ops.uploads set refused_code = %s where upload_id = %s", (code, upload_id))


def drop_upload(connection: Connection, upload_id: str) -> None:
    """Forget an upload that is not complete."""
    connection.execute("delete from ops.uploads where upload_id = %s and completed_at is null", (upload_id,))


def terminate_upload(connection: Connection, upload_id: str, now: datetime) -> None:
    """Take the address of a complete upload away; its bytes stay, and captures may go on naming them."""
    connection.execute(
        "update ops.uploads set terminated_at = %s where upload_id = %s and completed_at is not null",
        (now, upload_id),
    )
