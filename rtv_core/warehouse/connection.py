"""Connections to the warehouse and its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg.rows import DictRow, dict_row

from rtv_core.errors import ServiceUnavailable

if TYPE_CHECKING:
    from sqlalchemy.pool import QueuePool

Connection = psycopg.Connection[DictRow]

_MIGRATION_LOCK = 727001
_kept: dict[str, QueuePool] = {}


@contextmanager
def connect(dsn: str, *, autocommit: bool = False, application_name: str = "rtv") -> Iterator[Connection]:
    """A connection whose rows are dicts, in UTC; commits on success, rolls back on error.

    It is a new one, or one of those kept open (`keep_connections`). Raises `ServiceUnavailable` when the
    server does not answer or goes away meanwhile; then nobody knows whether a commit under way was kept.
    """
    pool = None if autocommit else _kept.get(dsn)
    with _borrowed(pool) if pool else _open(dsn, autocommit, application_name) as connection:
        try:
            yield connection
            if not connection.closed:
                connection.commit()
        except psycopg.OperationalError as error:
            if connection.closed:
                raise _gone(error) from error
            raise


def make_durable(connection: Connection) -> None:
    """Let this transaction's commit return only when it is on disk, whatever the server is set to.

    For what is acknowledged to a sender who forgets it then.
    """
    connection.execute("set local synchronous_commit = on")


def keep_connections(dsn: str, *, most: int, wait_s: float = 10) -> None:
    """From now on `connect(dsn)` of this process borrows one of at most `most` connections that stay open,
    and waits up to `wait_s` seconds for one.

    For a process that answers many short requests: docs/adr/0083. One that the server closed meanwhile is
    noticed when it is borrowed and made anew.
    """
    from sqlalchemy.dialects.postgresql.psycopg import dialect
    from sqlalchemy.pool import QueuePool

    _kept[dsn] = QueuePool(
        lambda: cast(Any, _open(dsn, False, "rtv-api")),
        pool_size=most,
        max_overflow=0,
        timeout=wait_s,
        use_lifo=True,
        pre_ping=True,
        dialect=cast(Any, dialect)(dbapi=psycopg),
    )


def drop_connections(dsn: str) -> None:
    """Close what is kept open, and open a connection each time again."""
    pool = _kept.pop(dsn, None)
    if pool is not None:
        pool.dispose()


def _open(dsn: str, autocommit: bool, application_name: str) -> Connection:
    try:
        return psycopg.connect(
            dsn,
            autocommit=autocommit,
            row_factory=dict_row,
            application_name=application_name,
            connect_timeout=10,
            options="-c timezone=UTC",
        )
    except psycopg.OperationalError as error:
        raise _gone(error) from error


@contextmanager
def _borrowed(pool: QueuePool) -> Iterator[Connection]:
    from sqlalchemy.exc import TimeoutError as NoneFree

    try:
        held = pool.connect()
    except NoneFree as error:
        raise ServiceUnavailable(
            "All connections to the warehouse are in use",
            remedy="Try again; if it stays so, raise RTV_API__CONNECTIONS.",
            code="WAREHOUSE_BUSY",
        ) from error
    connection = cast(Connection, held.dbapi_connection)
    try:
        yield connection
    finally:
        # What is not committed is rolled back as it is given back; a broken one is thrown away.
        if connection.closed:
            held.invalidate()
        held.close()


def _gone(error: psycopg.OperationalError) -> ServiceUnavailable:
    said = str(error).strip()
    return ServiceUnavailable(
        f"The warehouse does not answer: {said.splitlines()[0] if said else 'no reason given'}",
        remedy="Start it (`rtv up`), or correct RTV_WAREHOUSE__DSN; `rtv doctor` looks closer.",
        code="WAREHOUSE_UNAVAILABLE",
    )


def migrate(connection: Connection) -> list[str]:
    """Apply the migrations that are missing, in order, and return their names."""
    files = sorted(
        (
            entry
            for entry in resources.files("rtv_core.warehouse.migrations").iterdir()
            if entry.name.endswith(".sql")
        ),
        key=lambda entry: entry.name,
    )
    applied: list[str] = []
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        connection.execute("create schema if not exists ops")
        connection.execute(
            "create table if not exists ops.migrations "
            "(name text primary key, applied_at timestamptz not null default now())"
        )
        done = {row["name"] for row in connection.execute("select name from ops.migrations")}
        for entry in files:
            if entry.name in done:
                continue
            # Without parameters psycopg sends a script of many statements in one go.
            connection.execute(entry.read_text(encoding="utf-8"))
            connection.execute("insert into ops.migrations (name) values (%s)", (entry.name,))
            applied.append(entry.name)
    return applied


def fetch_all(connection: Connection, query: str, parameters: Any = None) -> list[dict[str, Any]]:
    """Run one query and return its rows as dicts."""
    return connection.execute(query, parameters).fetchall()
