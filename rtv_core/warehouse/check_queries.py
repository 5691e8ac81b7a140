"""The SQL that Great Expectations runs over raw tables, and where its results are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import sql

from rtv_core.identity import Actor
from rtv_core.warehouse.connection import Connection, fetch_all

Row = dict[str, Any]


def current_rows(table: str, tenant_code: str, *, is_child: bool = False, source_name: str = "") -> str:
    """The rows of a raw table that count, of one tenant (and source). Child rows count with their parent."""
    text = (
        "select child.* from {table} as child inner join raw.qc_captures as parent using (_file_id, _row_no) "
        "where parent.tenant_code = {tenant} and parent._superseded_at is null"
        if is_child
        else "select * from {table} where tenant_code = {tenant} and _superseded_at is null"
    )
    if source_name:
        text += " and _file_id in (select file_id from ops.files where source_name = {source})"
    return (
        sql.SQL(text)
        .format(
            table=sql.Identifier("raw", table),
            tenant=sql.Literal(tenant_code),
            source=sql.Literal(source_name),
        )
        .as_string()
    )


def orphans(column: str, table: str, to_column: str, tenant_code: str) -> str:
    """The rows of `{batch}` whose value is missing from another raw table of the tenant."""
    known = sql.SQL(
        "select {to_column} from {table} where tenant_code = {tenant} and _superseded_at is null"
    ).format(
        to_column=sql.Identifier(to_column),
        table=sql.Identifier("raw", table),
        tenant=sql.Literal(tenant_code),
    )
    # `{batch}` is filled in by Great Expectations; an alias on it breaks the query.
    return (
        sql.SQL("select {column} from {{batch}} where {column} is not null and {column} not in ({known})")
        .format(column=sql.Identifier(column), known=known)
        .as_string()
    )


def tenants_with_files(connection: Connection) -> list[str]:
    """The tenants that ever sent a file that was loaded."""
    rows = fetch_all(
        connection,
        "select distinct tenant_code from ops.files where file_status = 'loaded' order by tenant_code",
    )
    return [row["tenant_code"] for row in rows]


def has_rows(
    connection: Connection, table: str, tenant_code: str, *, is_child: bool, source_name: str = ""
) -> bool:
    """Whether the set holds anything."""
    rows = current_rows(table, tenant_code, is_child=is_child, source_name=source_name)
    query = f"select exists ({rows}) as has_rows"
    return bool(fetch_all(connection, query)[0]["has_rows"])


def insert_check(
    connection: Connection,
    *,
    run_id: str,
    tenant_code: str,
    suite_name: str,
    expectation: str,
    column_name: str | None,
    is_success: bool | None,
    observed: str | None,
    failure: str | None,
    checked_at: datetime,
) -> None:
    """Keep one result; `is_success` None means that the check itself failed."""
    connection.execute(
        """
        insert into ops.checks (
            run_id, tenant_code, suite_name, expectation, column_name, is_success, observed, failure,
            checked_at
        )
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            run_id,
            tenant_code,
            suite_name,
            expectation,
            column_name,
            is_success,
            observed,
            failure,
            checked_at,
        ),
    )


_THRESHOLD_KEY = "tenant_code, table_name, source_name, column_name, check_name"


def tenant_thresholds(connection: Connection, tenant_code: str) -> list[Row]:
    """The bounds that a tenant has set itself."""
    return fetch_all(
        connection,
        """select table_name, source_name, column_name, check_name, low, high, reason, set_by
           from ops.check_thresholds where tenant_code = %s
           order by table_name, source_name, column_name, check_name""",
        (tenant_code,),
    )


def save_threshold(
    connection: Connection,
    key: tuple[str, str, str, str],
    low: float | None,
    high: float | None,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Set a bound (table, source, column, check) for the actor's tenant; the one before is overwritten."""
    connection.execute(
        f"""insert into ops.check_thresholds ({_THRESHOLD_KEY}, low, high, reason, set_by, set_at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict ({_THRESHOLD_KEY}) do update set low = excluded.low, high = excluded.high,
                reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at""",
        (actor.tenant_code, *key, low, high, reason, actor.name, now),
    )


def delete_threshold(connection: Connection, key: tuple[str, str, str, str], *, tenant_code: str) -> bool:
    """Take back a tenant's bound; whether there was one."""
    done = connection.execute(
        f"delete from ops.check_thresholds where ({_THRESHOLD_KEY}) = (%s, %s, %s, %s, %s)",
        (tenant_code, *key),
    )
    return done.rowcount > 0
