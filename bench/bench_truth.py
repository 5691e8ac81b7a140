"""The build of the truth beside peers that compute the three-way status alone, in one run; prints ratios."""

from __future__ import annotations

import importlib.metadata
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from bench.truth_change import change_lines
from bench.truth_status import COLUMNS, PEERS, STATUS_SQL
from bench.truth_world import make_world
from rtv_cli.local.postgres import EmbeddedPostgres

_SHOWN_SETTINGS = (
    "shared_buffers", "work_mem", "maintenance_work_mem", "max_parallel_workers_per_gather", "jit", "fsync",
    "synchronous_commit", "max_wal_size",
)  # fmt: skip


def run(lines: int = 100_000, seed: int = 1) -> None:
    """Run the benchmark on a Postgres of its own, with the settings the product ships."""
    with tempfile.TemporaryDirectory(prefix="rtv-bench-") as name:
        folder = Path(name)
        # The server runs as a user of its own when this process is root.
        folder.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = EmbeddedPostgres(folder / "pg", port)
        server.start()
        try:
            measure(server.dsn(), folder, lines=lines, seed=seed)
        finally:
            server.stop("immediate")


def measure(dsn: str, folder: Path, *, lines: int, seed: int) -> None:
    """Make the world, run every peer and every build, print a line each."""
    tell_setup(dsn)
    world = make_world(dsn, lines=lines, seed=seed)
    print(
        f"world: {world.manifest_lines:,} manifest lines, {world.captured_lines:,} captured lines, "
        f"seed {seed}, {world.raw_rows:,} raw rows in {world.seconds:.1f} s "
        f"({world.raw_rows / world.seconds:,.0f} a second)\n"
    )
    print(f"{'':44}{'seconds':>9}{'x naive':>9}{'peak MB':>9}  bar")
    rows, naive = min((create_status(dsn) for _ in range(2)), key=lambda done: done[1])
    tell("naive create table as, raw tables", naive, naive, None)
    export(dsn, folder)
    for peer in PEERS:
        found, seconds, peak = _process("bench.truth_status", peer, str(folder))
        if found != rows:
            raise AssertionError(
                f"{peer} finds {found:,.0f} lines, Postgres {rows:,}: they computed different things"
            )
        tell(f"{peer}, from and to Parquet", seconds, naive, peak)
    for kind, label, bar in (
        ("status", "staging to three-way status", 3),
        ("full", "all rules, marts, tests, publish", 20),
    ):
        seconds, peak = _process("bench.truth_build", kind, dsn, f"bench-{kind}")
        tell(label, seconds, naive, peak, bar)
    _process("bench.truth_build", "full", dsn, "bench-again")
    changed = change_lines(dsn)
    seconds, peak = _process("bench.truth_build", "full", dsn, "bench-changed")
    tell(f"build after {changed:,} captured lines changed", seconds, naive, peak)


def tell_setup(dsn: str) -> None:
    """Say on what the figures rest."""
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("dbt-core", "dbt-postgres", "pandas", "polars", "duckdb")
    )
    with psycopg.connect(dsn) as connection:
        version = connection.info.parameter_status("server_version")
        settings = ", ".join(f"{name} {_shown(connection, name)}" for name in _SHOWN_SETTINGS)
    load = os.getloadavg()[0]
    print(f"Postgres {version}: {settings}\n{versions}; 2 dbt threads; load average at start {load:.1f}")


def _shown(connection: psycopg.Connection[tuple[object, ...]], name: str) -> object:
    row = connection.execute("select current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return row[0]


def create_status(dsn: str) -> tuple[int, float]:
    """The naive peer, one `create table as` over the raw tables; its rows and seconds."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop table if exists public.naive_status")
        started = time.perf_counter()
        query = STATUS_SQL.format(**{name: f"raw.{name}" for name in COLUMNS})
        done = connection.execute(f"create table public.naive_status as {query}".encode())
        return done.rowcount, time.perf_counter() - started


def export(dsn: str, folder: Path) -> None:
    """Write the columns the other peers read to Parquet; not timed."""
    import duckdb

    with psycopg.connect(dsn) as connection, duckdb.connect() as writer:
        for name, columns in COLUMNS.items():
            path = folder / f"{name}.csv"
            query = sql.SQL("copy (select {} from {}) to stdout (format csv, header)").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier("raw", name)
            )
            with path.open("wb") as stream, connection.cursor() as cursor, cursor.copy(query) as copy:
                for block in copy:
                    stream.write(block)
            kinds = {
                column: "bigint" if column in {"qty", "cartons_received"} else "varchar" for column in columns
            }
            writer.execute(
                f"copy (select * from read_csv('{path}', header = true, columns = {kinds})) "
                f"to '{folder / name}.parquet' (format parquet)"
            )
            path.unlink()


def _process(module: str, *arguments: str) -> tuple[float, ...]:
    """Run a module in a process of its own; the figures of its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=6 * 3600,
    )
    return tuple(float(word) for word in done.stdout.splitlines()[-1].split())


def tell(label: str, seconds: float, naive: float, peak: float | None, bar: float | None = None) -> None:
    """Print one line of the table."""
    ratio = seconds / naive
    verdict = "" if bar is None else f"<= {bar:g} x: {'met' if ratio <= bar else 'missed'}"
    print(f"{label:44}{seconds:9.2f}{ratio:9.1f}{'' if peak is None else f'{peak:,.0f}':>9}  {verdict}")
