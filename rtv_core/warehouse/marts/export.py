"""Reads any mart as a stream, with its columns' types and meanings; names come from the catalog only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from psycopg import sql
from psycopg.rows import tuple_row

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import rows_of

BATCH_ROWS = 5000


@dataclass(frozen=True, slots=True)
class MartColumn:
    """One column of a mart."""

    column_name: str
    data_type: str
    description: str | None


@dataclass(frozen=True, slots=True)
class _Kept:
    is_kept: bool


@dataclass(frozen=True, slots=True)
class _Believed:
    build_id: int | None
    first_published_at: datetime | None


def mart_names(connection: Connection) -> list[str]:
    """The marts there are."""
    query = """
        select c.relname from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'marts' and c.relkind in ('r', 'v', 'm', 'p') order by c.relname"""
    return [row["relname"] for row in connection.execute(query).fetchall()]


def mart_columns(connection: Connection, mart: str) -> list[MartColumn]:
    """The columns of a mart; `NotFound` lists the marts there are."""
    names = mart_names(connection)
    if mart not in names:
        near = get_close_matches(mart, names, n=1)
        raise NotFound(
            f"There is no mart {mart}",
            remedy=(f"Did you mean {near[0]}? " if near else "")
            + ("The marts are: " + ", ".join(names) if names else "No mart is built yet: run `rtv build`."),
            code="MART_UNKNOWN",
            marts=names,
        )
    query = """
        select a.attname as column_name, format_type(a.atttypid, a.atttypmod) as data_type,
            col_description(a.attrelid, a.attnum) as description
        from pg_catalog.pg_attribute as a
        where a.attrelid = to_regclass(%(name)s) and a.attnum > 0 and not a.attisdropped order by a.attnum"""
    return rows_of(connection, MartColumn, query, {"name": f'marts."{mart}"'})


def build_believed_on(connection: Connection, mart: str, instant: datetime) -> int:
    """The build whose rows of a mart readers saw at an instant.

    Raises `NotFound` when nothing was published by then, `InvalidInput` when the mart keeps no history.
    """
    kept = rows_of(
        connection,
        _Kept,
        "select to_regclass(%(name)s) is not null as is_kept",
        {"name": f'published."{mart}"'},
    )
    if not kept[0].is_kept:
        raise InvalidInput(
            f"{mart} shows its rows as they are now and keeps no history",
            remedy="Leave --believed-on out; the audit trail tells who changed what when.",
            code="MART_HAS_NO_HISTORY",
        )
    query = """
        select max(build_id) filter (where published_at <= %(instant)s) as build_id,
            min(published_at) as first_published_at
        from ops.builds where published_at is not null"""
    (believed,) = rows_of(connection, _Believed, query, {"instant": instant})
    if believed.build_id is None:
        first = believed.first_published_at
        raise NotFound(
            f"Nothing was published by {instant.isoformat()}",
            remedy=f"The first build was published at {first.isoformat()}." if first else "Run `rtv build`.",
            code="BELIEF_UNKNOWN",
        )
    return believed.build_id


def stream_mart(
    connection: Connection,
    mart: str,
    columns: Sequence[MartColumn],
    tenant_code: str,
    filters: Mapping[str, Sequence[str]],
    *,
    build_id: int | None = None,
) -> Iterator[list[tuple[Any, ...]]]:
    """The tenant's rows of a mart that equal the filters, a batch at a time, in the order of their key.

    `build_id` asks for the rows as that build published them.
    """
    names = [column.column_name for column in columns]
    for unknown in set(filters) - set(names):
        raise InvalidInput(
            f"{mart} has no column {unknown}",
            remedy=f"Its columns are {', '.join(names)}.",
            code="COLUMN_UNKNOWN",
        )
    clauses: list[sql.Composable] = [
        sql.SQL("{}::text = any({})").format(sql.Identifier(name), sql.Literal(list(values)))
        for name, values in sorted(filters.items())
    ]
    if "tenant_code" in names:
        clauses.insert(0, sql.SQL("tenant_code = {}").format(sql.Literal(tenant_code)))
    if build_id is not None:
        clauses.append(
            sql.SQL("valid_from_build <= {0} and coalesce(valid_to_build > {0}, true)").format(
                sql.Literal(build_id)
            )
        )
    key = next((name for name in names if name.endswith("_key")), names[0])
    query = sql.SQL("select {} from {} where {} order by {}").format(
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.Identifier("marts" if build_id is None else "published", mart),
        sql.SQL(" and ").join(clauses) if clauses else sql.SQL("true"),
        sql.Identifier(key),
    )
    with connection.cursor(name="export", row_factory=tuple_row) as cursor:
        cursor.itersize = BATCH_ROWS
        cursor.execute(query)
        while batch := cursor.fetchmany(BATCH_ROWS):
            yield batch
