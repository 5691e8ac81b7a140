"""A cut whose process is killed leaves no half clip where anybody looks, and is cut once afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rtv_commands.cut_clips import CutSummary, cut_clips
from rtv_commands.index_footage import index_footage
from rtv_core.model.window import ClipRequest
from rtv_core.objects.folder import FolderStore
from rtv_core.settings import Settings
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.films import write_film

_NOW = datetime.now(UTC)
_BEGAN = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
_REQUEST = ClipRequest(
    tenant_code="default", discrepancy_key="d1", camera_code="cam-1",
    window_start_at=_BEGAN + timedelta(seconds=2), window_end_at=_BEGAN + timedelta(seconds=8),
)  # fmt: skip

_CUT = """
import json, resource, signal, sys
from datetime import datetime
from pathlib import Path
from rtv_commands.cut_clips import cut_clips
from rtv_core.model.window import ClipRequest
from rtv_core.objects.folder import FolderStore
from rtv_core.settings import Settings

dsn, folder, request, now, most_bytes = sys.argv[1:]
if int(most_bytes):
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
cut_clips(dsn, FolderStore(Path(folder) / "store"), [ClipRequest.from_dict(json.loads(request))],
          settings=Settings(home=Path(folder) / "home"), now=datetime.fromisoformat(now))
"""


@pytest.fixture
def folder(warehouse_dsn: str, tmp_path: Path) -> Path:
    """A home with one film in the index."""
    camera = tmp_path / "footage" / "cam-1"
    camera.mkdir(parents=True)
    write_film(camera / "2026-11-01_04-30-00-000000.mp4", seconds=10)
    found = index_footage(warehouse_dsn, _store(tmp_path), tmp_path / "footage", now=_NOW)
    assert found.indexed == 1
    return tmp_path


def _store(folder: Path) -> FolderStore:
    return FolderStore(folder / "store")


def _start(dsn: str, folder: Path, *, most_bytes: int = 0) -> subprocess.Popen[bytes]:
    """A process of its own that cuts; the kernel kills it where it writes a file beyond `most_bytes`."""
    (folder / "scratch").mkdir(exist_ok=True)
    arguments = (dsn, str(folder), json.dumps(_REQUEST.as_dict()), _NOW.isoformat(), str(most_bytes))
    return subprocess.Popen(
        [sys.executable, "-c", _CUT, *arguments],
        env={**os.environ, "TMPDIR": str(folder / "scratch"), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(__file__).resolve().parents[2],
    )


def _rows(dsn: str, query: str) -> Sequence[dict[str, Any]]:
    with connect(dsn) as connection:
        return fetch_all(connection, query)


def _kept(folder: Path) -> list[Path]:
    """The files of clips in the store, half ones too."""
    return [path for path in (folder / "store").rglob("*") if path.suffix == ".mp4"]


def _cut_again(dsn: str, folder: Path) -> str:
    """Cut by the process that is left; the one clip's hash."""
    again = cut_clips(dsn, _store(folder), [_REQUEST], settings=Settings(home=folder / "home"), now=_NOW)
    assert again == CutSummary(cut=1)
    once_more = cut_clips(dsn, _store(folder), [_REQUEST], settings=Settings(home=folder / "home"), now=_NOW)
    assert once_more == CutSummary(already=1)
    (clip,) = _rows(dsn, "select clip_status, sha256, leaf_index from ops.clips")
    assert (clip["clip_status"], clip["leaf_index"]) == ("cut", 0)
    assert [path.stem for path in _kept(folder)] == [clip["sha256"]]
    return str(clip["sha256"])


def test_a_cut_killed_while_it_writes_its_clip_leaves_none(warehouse_dsn: str, folder: Path) -> None:
    film = next((folder / "footage").rglob("*.mp4"))
    process = _start(warehouse_dsn, folder, most_bytes=film.stat().st_size // 4)
    assert process.wait(60) == -signal.SIGXFSZ
    (half,) = (folder / "scratch").rglob("*.mp4")
    assert half.stat().st_size > 0
    assert _rows(warehouse_dsn, "select 1 from ops.clips") == []
    assert _rows(warehouse_dsn, "select 1 from ops.seal_leaves") == []
    assert _kept(folder) == []
    _cut_again(warehouse_dsn, folder)


def test_a_cut_killed_between_store_and_warehouse_is_cut_once(warehouse_dsn: str, folder: Path) -> None:
    """Its object stands in the store and no row names it; the same cut gives the same bytes again."""
    with psycopg.connect(warehouse_dsn) as lock:
        lock.execute("lock table ops.clips in share mode")
        process = _start(warehouse_dsn, folder)
        _wait_until_it_waits(warehouse_dsn, process)
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    (kept,) = _kept(folder)
    assert _rows(warehouse_dsn, "select 1 from ops.clips") == []
    assert _cut_again(warehouse_dsn, folder) == kept.stem


def _wait_until_it_waits(dsn: str, process: subprocess.Popen[bytes]) -> None:
    """Until the cut's transaction waits for the lock."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        waiting = _rows(dsn, "select 1 from pg_locks where relation = 'ops.clips'::regclass and not granted")
        if waiting:
            return
        time.sleep(0.05)
    raise AssertionError(f"the cut never came to its row; it ended with {process.poll()}")
