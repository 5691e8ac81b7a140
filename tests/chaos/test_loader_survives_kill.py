"""A loader killed by SIGKILL at any moment loses nothing and loads nothing twice (R1, short form)."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from intake_samples import record, write_csv

from rtv_commands.load import load_pending_files
from rtv_commands.receive import receive_file
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.inbox_store import pending_file_ids
from tests.fixtures.loaders import load_all, load_too_early, start_loader

ROWS = int(os.environ.get("CHAOS_ROWS", "20000"))
KILLS = int(os.environ.get("CHAOS_KILLS", "40"))
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def _is_loading(dsn: str) -> bool:
    with connect(dsn) as connection:
        return bool(
            fetch_all(
                connection,
                """select 1 from pg_stat_activity
                   where application_name = 'rtv-load' and xact_start is not null
                   and datname = current_database()""",
            )
        )


def _is_called_loaded(dsn: str) -> bool:
    with connect(dsn) as connection:
        return bool(fetch_all(connection, "select 1 from ops.files where file_status = 'loaded'"))


def _kill_once(loader: BaseProcess, dsn: str, begun: Callable[[str], bool], pause_seconds: float = 0) -> bool:
    """Kill a loader some time after something began; whether it was killed before it was done."""
    end = time.monotonic() + 60
    while loader.is_alive() and not begun(dsn) and time.monotonic() < end:
        time.sleep(0.005)
    loader.join(pause_seconds)
    loader.kill()
    loader.join(60)
    return loader.exitcode == -signal.SIGKILL


def _receive(dsn: str, store: Path, folder: Path, number: int = 0) -> None:
    records = [
        record("skus", number * ROWS + row, mrp="x" if row % 1000 == 7 else "10.00") for row in range(ROWS)
    ]
    path = write_csv(folder / f"skus_{number}.csv", records)
    receive_file(dsn, FolderStore(store), path, file_name=path.name, way_in="cli", actor=job("t"), now=NOW)


def _require_exactly_once(dsn: str, seed: int, files: int = 1) -> None:
    bad = ROWS // 1000
    sound = ROWS - bad
    with connect(dsn) as connection:
        kept = fetch_all(connection, "select * from ops.files order by file_id")
        (totals,) = fetch_all(
            connection,
            """select count(*) as loaded, count(distinct sku_code) as skus,
                      count(distinct (_file_id, _row_no)) as places,
                      coalesce(sum(mrp), 0)::bigint as mrp from raw.skus where _superseded_at is null""",
        )
        (refused,) = fetch_all(connection, "select count(*) as refused from ops.quarantined_rows")
    assert len(kept) == files
    for file in kept:
        counts = (file["rows_in"], file["rows_loaded"], file["rows_superseded"], file["rows_quarantined"])
        assert file["file_status"] == "loaded", f"seed {seed}: {file}"
        assert counts == (ROWS, sound, 0, bad), f"seed {seed}"
    whole = files * sound
    assert totals == {"loaded": whole, "skus": whole, "places": whole, "mrp": 10 * whole}, f"seed {seed}"
    assert refused == {"refused": files * bad}, f"seed {seed}"


def _waits(dsn: str) -> bool:
    with connect(dsn) as connection:
        return bool(pending_file_ids(connection))


def _must_end(*loaders: BaseProcess) -> None:
    for loader in loaders:
        loader.join(120)
        assert loader.exitcode == 0


def test_every_row_stands_exactly_once_after_kills_at_any_moment(warehouse_dsn: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
    chance, store = random.Random(seed), tmp_path / "store"
    _receive(warehouse_dsn, store, tmp_path)
    began = time.monotonic()
    load_pending_files(warehouse_dsn, FolderStore(store), now=NOW)
    load_seconds = time.monotonic() - began
    kills, files = 0, 1
    for _ in range(4 * KILLS):
        # A file that was loaded before its kill leaves the next kill nothing to hit.
        if not _waits(warehouse_dsn):
            _receive(warehouse_dsn, store, tmp_path, files)
            files += 1
        pause_seconds = chance.uniform(0, load_seconds)
        loader = start_loader(load_all, warehouse_dsn, store, NOW)
        kills += _kill_once(loader, warehouse_dsn, _is_loading, pause_seconds)
        if kills == KILLS:
            break
    sys.stderr.write(f"\n{kills} kills hit loads of {files} files of {ROWS} rows; seed {seed}\n")
    assert kills == KILLS
    _must_end(*(start_loader(load_all, warehouse_dsn, store, NOW) for _ in range(2)))
    _require_exactly_once(warehouse_dsn, seed, files)


def test_a_loader_that_commits_too_early_is_caught(warehouse_dsn: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    _receive(warehouse_dsn, store, tmp_path)
    mutant = start_loader(load_too_early, warehouse_dsn, store, NOW)
    assert _kill_once(mutant, warehouse_dsn, _is_called_loaded)
    _must_end(start_loader(load_all, warehouse_dsn, store, NOW))
    with pytest.raises(AssertionError, match="seed 0"):
        _require_exactly_once(warehouse_dsn, 0)
