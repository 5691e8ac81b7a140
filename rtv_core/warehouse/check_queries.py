"""The SQL that Great Expectations runs over raw tables, and where its results are kept."""

from __future__ import annotations

from datetime import datetime

from psycopg import sql

from rtv_core.warehouse.connection import Connection, fetch_all


def current_rows(table: str, tenant_code: str, *, is_child: bool = False) -> str:
    """The rows of a raw table that count, of one tenant. Child rows count with their parent."""
    text = (
        "select child.* from {table} as child inner join raw.qc_captures as parent using (_file_id, _row_no) "
        "where parent.tenant_code = {tenant} and parent._superseded_at is null"
        if is_child
        else "select * from {table} where tenant_code = {tenant} and _superseded_at is null"
    )
    return (
        sql.SQL(text).format(table=sql.Identifier("raw", table), tenant=sql.Literal(tenant_code)).as_string()
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


def has_rows(connection: Connection, table: str, tenant_code: str, *, is_child: bool) -> bool:
    """Whether the set holds anything."""
    query = f"select exists ({current_rows(table, tenant_code, is_child=is_child)}) as has_rows"
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
