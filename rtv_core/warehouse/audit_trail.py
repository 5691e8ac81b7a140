"""The audit trail: its one writer, and its rows as a hash chain a tenant (migration 0008)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

from rtv_core.identity import Actor
from rtv_core.warehouse.connection import Connection, fetch_all

GENESIS = "0" * 64
HEAD_KIND = "audit_head"
# What a row's hash is over, in this order; each read as the text Postgres writes for it.
HASHED_COLUMNS = (
    "previous_hash", "chain_no", "audit_id", "tenant_code", "actor_kind", "actor_name", "verb", "object_kind",
    "object_id", "detail", "happened_at",
)  # fmt: skip
GUARDS = (
    "audit_heads_are_kept",
    "audit_heads_follow_the_trail",
    "audit_rows_are_linked",
    "audit_trail_is_append_only",
)
_ROWS_AT_ONCE = 2000


def write_audit(
    connection: Connection,
    *,
    tenant_code: str,
    actor: Actor,
    verb: str,
    object_kind: str,
    object_id: str,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    """Remember who did what when, in the transaction of the deed.

    The tenant's chain is held until that transaction ends: write this after the locks of the deed itself.
    """
    connection.execute(
        """
        insert into ops.audit_trail
            (tenant_code, actor_kind, actor_name, verb, object_kind, object_id, detail, happened_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (tenant_code, actor.kind.value, actor.name, verb, object_kind, object_id, Jsonb(detail), now),
    )


def row_hash(row: dict[str, str | None]) -> str:
    """The hash of one row of `chained_rows`, worked out here and not by the database."""
    digest = hashlib.sha256()
    for name in HASHED_COLUMNS:
        value = row[name]
        field = None if value is None else value.encode()
        digest.update(b"-" if field is None else b"%d:%b" % (len(field), field))
    return digest.hexdigest()


def freeze_view(connection: Connection) -> None:
    """Let every later read of this connection see one moment; nothing may have been read before."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("set local datestyle = 'ISO, YMD'")


def chained_rows(connection: Connection, tenant_code: str | None) -> Iterator[dict[str, str | None]]:
    """Every row as text, tenant by tenant along its chain, streamed from the server."""
    columns = ", ".join(f"{name}::text" for name in (*HASHED_COLUMNS, "row_hash"))
    query = (
        f"select {columns} from ops.audit_trail "
        "where %(tenant)s::text is null or tenant_code = %(tenant)s::text "
        "order by ops.audit_trail.tenant_code, ops.audit_trail.chain_no nulls first, ops.audit_trail.audit_id"
    )
    with connection.cursor("audit_chain") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        cursor.execute(query.encode(), {"tenant": tenant_code})
        yield from cursor


def heads(connection: Connection, tenant_code: str | None = None) -> dict[str, tuple[int, str]]:
    """Number and hash of the last row of each tenant's chain, as the database keeps them."""
    rows = fetch_all(
        connection,
        "select tenant_code, chain_no, row_hash from ops.audit_heads "
        "where %(tenant)s::text is null or tenant_code = %(tenant)s::text order by tenant_code",
        {"tenant": tenant_code},
    )
    return {row["tenant_code"]: (row["chain_no"], row["row_hash"]) for row in rows}


def unsealed_heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """The heads that moved since the seal log last took them in."""
    sealed = fetch_all(
        connection,
        "select distinct on (tenant_code) tenant_code, entry ->> 'row_hash' as row_hash from ops.seal_leaves "
        "where entry ->> 'kind' = 'audit_head' order by tenant_code, leaf_index desc",
    )
    known = {row["tenant_code"]: row["row_hash"] for row in sealed}
    return {tenant: head for tenant, head in heads(connection).items() if known.get(tenant) != head[1]}


def guards_off(connection: Connection) -> list[str]:
    """The triggers of the trail that are gone or switched off."""
    rows = fetch_all(
        connection,
        """
        select tgname from pg_trigger
        where tgrelid in ('ops.audit_trail'::regclass, 'ops.audit_heads'::regclass) and tgenabled = 'A'
        """,
    )
    return sorted(set(GUARDS) - {row["tgname"] for row in rows})


def list_audit(
    connection: Connection,
    tenant_code: str,
    *,
    actor_name: str | None = None,
    verb: str | None = None,
    object_id: str | None = None,
    since: datetime | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Who did what when, newest first."""
    return fetch_all(
        connection,
        """
        select chain_no, happened_at, actor_kind, actor_name, verb, object_kind, object_id, detail, row_hash
        from ops.audit_trail
        where
            tenant_code = %(tenant)s
            and (%(actor)s::text is null or actor_name = %(actor)s::text)
            and (%(verb)s::text is null or verb = %(verb)s::text)
            and (%(object)s::text is null or object_id = %(object)s::text)
            and (%(since)s::timestamptz is null or happened_at >= %(since)s::timestamptz)
        order by chain_no desc
        limit %(limit)s
        """,
        {
            "tenant": tenant_code, "actor": actor_name, "verb": verb, "object": object_id, "since": since,
            "limit": limit,
        },
    )  # fmt: skip
