"""Captures at 200 a second with bursts of 2,000 against `rtv api` on a Postgres with fsync (R28).

Prints the wait of accepted attempts, refusals, failures and losses, the peak of one process, and beside it
the bare insert of the same bodies over as many kept connections.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import psutil
import psycopg

from bench.bench_intake import free_port
from bench.capture_load import Load, capture, quantile_ms
from rtv_cli.local.postgres import EmbeddedPostgres
from rtv_commands.prepare import prepare_warehouse
from rtv_commands.register_operator import register_operator
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

_NODE, _PIN, _STATIONS = "FC-BLR", "482913", 20
_CONNECTIONS = 16


def _sign_in(url: str) -> list[str]:
    who = {"node_code": _NODE, "bay_code": "BAY-1", "operator_code": "OP-7", "pin": _PIN}
    stations = ({**who, "station_code": f"ST-{number}"} for number in range(_STATIONS))
    return [httpx.post(f"{url}/v1/sessions", json=body).json()["token"] for body in stations]


@contextmanager
def _api(dsn: str, home: Path) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    environment = {
        **os.environ,
        "RTV_HOME": str(home),
        "RTV_WAREHOUSE__DSN": dsn,
        "RTV_API__SESSION_SECRET": "s" * 40,
        "RTV_API__SIGN_IN_TRIES_PER_MINUTE": "1000",
    }
    command = [sys.executable, "-c", "from rtv_cli.main import main; main()", "api", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    meter = psutil.Process(process.pid)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(f"{url}/readyz").raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, meter
    finally:
        process.terminate()
        process.wait(20)


def _cpu_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return used.user + used.system


def _lost(dsn: str, store: FolderStore, loads: list[Load]) -> tuple[int, int]:
    """Acknowledged captures that are not there, and captures that are there twice."""
    with connect(dsn) as connection:
        kept = fetch_all(
            connection, "select file_name, sha256, object_key from ops.files where way_in = 'api'"
        )
    there = {row["sha256"] for row in kept if store.head(row["object_key"]) is not None}
    acknowledged = [answer["sha256"] for load in loads for answer in load.acknowledged.values()]
    return sum(sha256 not in there for sha256 in acknowledged), len(kept) - len(
        {row["file_name"] for row in kept}
    )


def _bare_inserts(dsn: str, seconds: float) -> float:
    """Commits a second of one insert each, over as many connections as the API keeps."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create table public.bare (n bigint generated always as identity, body bytea)")
    done = [0] * _CONNECTIONS
    until = time.monotonic() + seconds

    def work(place: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while time.monotonic() < until:
                connection.execute(
                    "insert into public.bare (body) values (%s)", (orjson.dumps(capture(done[place])),)
                )
                done[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def measure(dsn: str, folder: Path, seconds: float) -> dict[str, float]:
    """The figures of one run."""
    prepare_warehouse(dsn)
    register_operator(
        dsn,
        operator_code="OP-7",
        operator_name="Asha",
        node_code=_NODE,
        pin=_PIN,
        actor=Actor(ActorKind.PERSON, "bench", frozenset({Role.ADMIN})),
        now=datetime.now(UTC),
    )
    with _api(dsn, folder / "home") as (url, process):
        tokens = _sign_in(url)
        before_s = _cpu_s(process)
        paced, peak = Load(url, tokens), Load(url, tokens)
        asyncio.run(paced.paced(per_second=200, seconds=seconds, burst=2_000, every_s=min(30.0, seconds)))
        peak_s = min(10.0, seconds)
        until = time.monotonic() + peak_s
        asyncio.run(peak.steady(workers=24, first=10**8, is_enough=lambda: time.monotonic() > until))
        used_s = _cpu_s(process) - before_s
    lost, twice = _lost(dsn, FolderStore(folder / "home" / "store"), [paced, peak])
    bare = _bare_inserts(dsn, min(5.0, seconds))
    for words in [*paced.first_failures, *peak.first_failures]:
        print(words)
    at_peak = len(peak.acknowledged) / peak_s
    return {
        "seed": paced.seed,
        "seconds": seconds,
        "captures": len(paced.acknowledged),
        "p50_ms": quantile_ms(paced.waits_s, 0.5),
        "p99_ms": quantile_ms(paced.waits_s, 0.99),
        "sender_late_p99_ms": quantile_ms(paced.late_s, 0.99),
        "answers_429": paced.too_many,
        "answers_5xx": paced.failed + peak.failed,
        "broken_connections": paced.broken + peak.broken,
        "lost": lost,
        "twice": twice,
        "cpu_ms_a_capture": round(used_s * 1000 / (len(paced.acknowledged) + len(peak.acknowledged)), 2),
        "peak_per_second": round(at_peak),
        "bare_inserts_per_second": round(bare),
        "ratio": round(at_peak / bare, 3),
    }


def run(seconds: float = 60) -> None:
    """Run the benchmark and print one line a figure; fails when something was lost, twice or a 5xx."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    with tempfile.TemporaryDirectory(prefix="rtv-bench-") as name:
        folder = Path(name)
        # The server runs as a user of its own when this process is root.
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder / "pg", free_port())
        server.start()
        try:
            figures = measure(server.dsn(), folder, seconds)
        finally:
            server.stop("immediate")
    for key, value in figures.items():
        print(f"{key:24} {value:>12}")
    if figures["lost"] or figures["twice"] or figures["answers_5xx"]:
        raise SystemExit("captures were lost, kept twice or answered with a fault of ours")
