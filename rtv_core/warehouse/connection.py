"""Connections to the warehouse and its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from rtv_core.errors import ServiceUnavailable

Connection = psycopg.Connection[DictRow]

_MIGRATION_LOCK = 727001


@contextmanager
def connect(dsn: str, *, autocommit: bool = False, application_name: str = "rtv") -> Iterator[Connection]:
    """Open a connection whose rows are dicts, in UTC; commits on success, rolls back on error.

    Raises `ServiceUnavailable` when the server does not answer.
    """
    try:
        connection = psycopg.connect(
            dsn,
            autocommit=autocommit,
            row_factory=dict_row,
            application_name=application_name,
            connect_timeout=10,
            options="-c timezone=UTC",
        )
    except psycopg.OperationalError as error:
        raise ServiceUnavailable(
            f"The warehouse does not answer: {str(error).strip().splitlines()[0]}",
            remedy="Start it (`rtv up`), or correct RTV_WAREHOUSE__DSN; `rtv doctor` looks closer.",
            code="WAREHOUSE_UNAVAILABLE",
        ) from error
    with connection:
        yield connection


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
