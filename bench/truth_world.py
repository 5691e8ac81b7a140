"""Fills the raw tables with a synthetic world of any size by SQL: intake has a benchmark of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from rtv_commands.prepare import prepare_warehouse

AS_OF = datetime(2026, 11, 20, 6, tzinfo=UTC)
_WORLD = Path(__file__).with_name("truth_world.sql")


@dataclass(frozen=True, slots=True)
class WorldSize:
    """How many rows the world holds and how long it took to write them."""

    manifest_lines: int
    captured_lines: int
    raw_rows: int
    seconds: float


def make_world(dsn: str, *, lines: int, seed: int) -> WorldSize:
    """Make the world of a size and a seed in an empty warehouse.

    Indexes are dropped while rows are written and made again as they were.
    """
    prepare_warehouse(dsn)
    started = time.perf_counter()
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, value in (("lines", str(lines)), ("seed", str(seed)), ("as_of", AS_OF.isoformat())):
            connection.execute("select set_config(%s, %s, false)", (f"bench.{name}", value))
        connection.execute("set client_min_messages = warning")
        definitions = _drop_indexes(connection)
        connection.execute(_WORLD.read_bytes())
        for definition in definitions:
            connection.execute(definition.encode())
        connection.execute("drop schema bench cascade")
        tables = _column(connection, "select tablename from pg_tables where schemaname = 'raw' order by 1")
        counts = {name: _count(connection, name) for name in tables}
        connection.execute("vacuum analyze")
    return WorldSize(
        counts["rtv_manifests"],
        counts["qc_capture_items"],
        sum(counts.values()),
        time.perf_counter() - started,
    )


def _drop_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    definitions = _column(connection, "select indexdef from pg_indexes where schemaname = 'raw' order by 1")
    for name in _column(connection, "select indexname from pg_indexes where schemaname = 'raw'"):
        connection.execute(sql.SQL("drop index {}").format(sql.Identifier("raw", name)))
    return definitions


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(
        sql.SQL("select count(*) from {}").format(sql.Identifier("raw", table))
    ).fetchone()
    assert row is not None
    return int(row[0])


def _column(connection: psycopg.Connection[Any], query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query.encode())]
