"""Postgres is killed under acknowledged captures, again and again: none is lost, none is there twice (R2)."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from bench.capture_load import Load, capture
from ingest import bay_inbox
from rtv_cli.local.postgres import EmbeddedPostgres
from rtv_commands.prepare import prepare_warehouse
from rtv_core.objects import ObjectStore
from rtv_core.warehouse.connection import Connection, connect, fetch_all
from tests.conftest import free_port
from tests.fixtures.bay import SIGN_IN, Bay, bay_settings, serving

SEED = int(os.environ.get("CHAOS_SEED", "7"))
KILLS = int(os.environ.get("POSTGRES_KILLS", "2"))
CAPTURES = int(os.environ.get("POSTGRES_CAPTURES", "160"))
WORKERS = 8
UNBOUND = 10**9


@pytest.fixture(scope="module")
def victim() -> Iterator[EmbeddedPostgres]:
    """A Postgres that promises nothing by itself: only what asks for it is kept when acknowledged.

    A killed process takes with it what it did not write, not what the disk has yet to take: fsync is off.
    """
    folder = Path(tempfile.mkdtemp(prefix="rtv-victim-"))
    folder.chmod(0o755)
    lazy = (("synchronous_commit", "off"), ("wal_writer_delay", "10s"), ("fsync", "off"))
    server = EmbeddedPostgres(folder / "pg", free_port(), overrides=(*lazy, ("shared_buffers", "32MB")))
    server.start()
    prepare_warehouse(server.dsn())
    yield server
    server.stop("immediate")
    shutil.rmtree(folder)


def kill(server: EmbeddedPostgres) -> int:
    """SIGKILL for every process of the server at once; how many there were."""
    pid = int((server.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    postmaster = psutil.Process(pid)
    everyone = [postmaster, *postmaster.children(recursive=True)]
    for process in everyone:
        process.kill()
    psutil.wait_procs(everyone, timeout=20)
    return len(everyone)


@dataclass
class Run:
    """Captures on their way while the server dies."""

    bay: Bay
    server: EmbeddedPostgres
    load: Load

    def through(self, kills: int, captures: int, first: int = 0) -> None:
        """Send until so many are acknowledged; the server dies at `kills` moments between."""
        dice = random.Random(SEED)
        share = captures // (kills + 1)
        moments = [share * number + dice.randrange(share) for number in range(1, kills + 1)]
        sender = threading.Thread(
            target=lambda: asyncio.run(
                self.load.steady(
                    workers=WORKERS,
                    first=first,
                    is_enough=lambda: len(self.load.acknowledged) >= captures,
                )
            )
        )
        sender.start()
        for moment in moments:
            while len(self.load.acknowledged) < moment and sender.is_alive():
                time.sleep(0.002)
            before = self.load.failed + self.load.broken
            assert kill(self.server) > 5
            while self.load.failed + self.load.broken == before and sender.is_alive():
                time.sleep(0.002)  # the fault has hit somebody
            self.server.start()
        sender.join()


@contextmanager
def running(victim: EmbeddedPostgres, home: Path) -> Iterator[Run]:
    settings = bay_settings(victim.dsn(), home, free_port(), station_calls_per_minute=UNBOUND)
    with serving(settings) as bay:
        token = httpx.post(f"{bay.url}/v1/sessions", json=SIGN_IN).json()["token"]
        yield Run(bay, victim, Load(bay.url, [token], SEED))


def kept(dsn: str, store: ObjectStore) -> list[str]:
    """The hashes of what came in, of which the bytes are there too."""
    with connect(dsn) as connection:
        rows = fetch_all(connection, "select sha256, object_key from ops.files where way_in = 'api'")
    return [row["sha256"] for row in rows if store.head(row["object_key"]) is not None]


@pytest.mark.slow
def test_no_acknowledged_capture_is_lost_or_kept_twice(victim: EmbeddedPostgres, tmp_path: Path) -> None:
    print(f"CHAOS_SEED={SEED} POSTGRES_KILLS={KILLS} POSTGRES_CAPTURES={CAPTURES}")  # noqa: T201 - shown when it fails
    with running(victim, tmp_path / "bay") as run:
        run.through(KILLS, CAPTURES)
        acknowledged = run.load.acknowledged
        there = kept(run.bay.dsn, run.bay.store)
        assert run.load.failed + run.load.broken >= KILLS, "a kill hit nobody"
        assert len(acknowledged) >= CAPTURES
        assert {answer["sha256"] for answer in acknowledged.values()} == set(there)
        assert len(there) == len(set(there)) == len(acknowledged)
        key = min(acknowledged)
        again = httpx.post(
            f"{run.bay.url}/v1/captures",
            json=capture(int(key.rsplit("-", 1)[1])),
            headers={"Authorization": f"Bearer {run.load.tokens[0]}", "Idempotency-Key": key},
        )
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")
    assert again.json() == acknowledged[key]


def test_a_capture_that_is_acknowledged_before_it_is_on_disk_is_lost(
    victim: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: without a durable commit the same kill loses what was acknowledged."""

    def not_durable(connection: Connection) -> None:
        connection.execute("set local synchronous_commit = off")

    monkeypatch.setattr(bay_inbox, "make_durable", not_durable)
    with running(victim, tmp_path / "bay") as run:
        run.through(1, 60, first=10**8)
        acknowledged = {answer["sha256"] for answer in run.load.acknowledged.values()}
        assert acknowledged - set(kept(run.bay.dsn, run.bay.store))
