"""A loader killed by SIGKILL at any moment loses nothing and loads nothing twice (R1, short form)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from intake_samples import record, write_csv

from rtv_commands.load import load_pending_files
from rtv_commands.receive import receive_file
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

ROWS = 30_000
KILLS = int(os.environ.get("CHAOS_KILLS", "6"))
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_LOADER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from rtv_commands.load import load_pending_files
from rtv_core.objects.folder import FolderStore
load_pending_files(sys.argv[1], FolderStore(Path(sys.argv[2])), now=datetime(2026, 11, 20, 6, tzinfo=UTC))
"""
# A loader that calls a file loaded before its rows are committed, and is killed right there.
_MUTANT = (
    """
import signal
import sys
import psycopg
from rtv_core.warehouse import inbox_store
def claim_too_early(connection, file_id):
    file = inbox_store.file_by_id(connection, file_id)
    with psycopg.connect(sys.argv[1], autocommit=True) as other:
        other.execute(
            "update ops.files set file_status = 'loaded', rows_in = 0, rows_loaded = 0, rows_superseded = 0, "
            "rows_quarantined = 0 where file_id = %s", (file_id,)
        )
    signal.pause()
inbox_store.claim_file = claim_too_early
"""
    + _LOADER
)


def _start(dsn: str, store: Path, script: str = _LOADER) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", script, dsn, str(store)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


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


def _kill_once(
    loader: subprocess.Popen[bytes], dsn: str, begun: Callable[[str], bool], pause_seconds: float = 0
) -> bool:
    """Kill a loader some time after something began; whether it was killed before it was done."""
    end = time.monotonic() + 60
    while loader.poll() is None and not begun(dsn) and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(pause_seconds)
    loader.send_signal(signal.SIGKILL)
    return loader.wait(timeout=60) == -signal.SIGKILL


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


def test_every_row_stands_exactly_once_after_kills_at_any_moment(warehouse_dsn: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
    sys.stderr.write(f"\nseed of the kills: {seed}\n")
    chance, store = random.Random(seed), tmp_path / "store"
    _receive(warehouse_dsn, store, tmp_path)
    began = time.monotonic()
    load_pending_files(warehouse_dsn, FolderStore(store), now=NOW)
    load_seconds = time.monotonic() - began
    hits = 0
    for number in range(1, KILLS + 1):
        # A new file each time: one that was loaded before its kill leaves the next kill something to hit.
        _receive(warehouse_dsn, store, tmp_path, number)
        pause_seconds = chance.uniform(0, load_seconds)
        hits += _kill_once(_start(warehouse_dsn, store), warehouse_dsn, _is_loading, pause_seconds)
    assert hits > 0, f"no kill hit a load (seed {seed})"
    for loader in [_start(warehouse_dsn, store), _start(warehouse_dsn, store)]:
        assert loader.wait(timeout=120) == 0
    _require_exactly_once(warehouse_dsn, seed, files=KILLS + 1)


def test_a_loader_that_commits_too_early_is_caught(warehouse_dsn: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    _receive(warehouse_dsn, store, tmp_path)
    assert _kill_once(_start(warehouse_dsn, store, _MUTANT), warehouse_dsn, _is_called_loaded)
    assert _start(warehouse_dsn, store).wait(timeout=120) == 0
    with pytest.raises(AssertionError):
        _require_exactly_once(warehouse_dsn, 0)
