"""Rows that meet no other of their key go straight to raw; fates are the same as through the stage."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from intake_samples import record, write_csv

from ingest.loader import load
from rtv_commands.ingest import ingest_paths
from rtv_commands.receive import receive_file
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse import raw_store
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_FATES = """select _file_id, _row_no, sku_code, title, mrp, _key_hash, extra, _superseded_by_file_id
            from raw.skus order by _file_id, _row_no"""


def _files(folder: Path) -> list[Path]:
    """All new, one key twice in a file, some standing already, odd texts, and rows refused between."""
    odd = {"title": 'tab\tback\\slash\nline "quoted" \\N'}
    return [
        write_csv(folder / "skus_1.csv", [record("skus", n, **odd) for n in range(6)]),
        write_csv(folder / "skus_2.csv", [record("skus", n) for n in (10, 11, 10, 12)]),
        write_csv(folder / "skus_3.csv", [record("skus", n, mrp="99.00") for n in (20, 1, 21, 2)]),
        write_csv(folder / "skus_4.csv", [record("skus", n, mrp=("5", "x")[n % 2]) for n in (30, 31, 32)]),
    ]


def _rows(dsn: str, query: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return fetch_all(connection, query)


def _ingest(dsn: str, tmp_path: Path, paths: list[Path]) -> list[tuple[int, int, int, int]]:
    done = ingest_paths(dsn, FolderStore(tmp_path / "store"), paths, actor=job("test"), now=NOW)
    return [
        (one.loaded.rows_in, one.loaded.rows_loaded, one.loaded.rows_superseded, one.loaded.rows_quarantined)
        for one in done.files
        if one.loaded
    ]


def test_fates_are_the_same_straight_and_through_the_stage(
    warehouse_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _files(tmp_path)
    straight = _ingest(warehouse_dsn, tmp_path, paths)
    assert straight == [(6, 6, 0, 0), (4, 3, 1, 0), (4, 4, 0, 0), (3, 2, 0, 1)]
    fates = _rows(warehouse_dsn, _FATES)
    with connect(warehouse_dsn) as connection:
        connection.execute(
            "truncate ops.files, ops.file_repeats, ops.quarantined_rows, raw.skus restart identity cascade"
        )
    monkeypatch.setattr(raw_store, "try_lock_contract", lambda *_: False)
    assert _ingest(warehouse_dsn, tmp_path, paths) == straight
    assert _rows(warehouse_dsn, _FATES) == fates
    assert fates[0]["title"] == 'tab\tback\\slash\nline "quoted" \\N'


def test_a_stage_is_made_only_where_a_key_is_met_again(
    warehouse_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    create = raw_store.create_stage
    monkeypatch.setattr(
        raw_store, "create_stage", lambda *told: (made.append(told[1].contract_name), create(*told))
    )
    first, second, *_ = _files(tmp_path)
    _ingest(warehouse_dsn, tmp_path, [first])
    assert made == []
    _ingest(warehouse_dsn, tmp_path, [second])
    assert made == ["skus"]


def test_a_load_waits_for_no_other_until_it_settles(warehouse_dsn: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "skus_1.csv", [record("skus", n) for n in range(3)])
    rows: list[int] = []
    with connect(warehouse_dsn) as other, ThreadPoolExecutor() as pool:
        assert raw_store.try_lock_contract(other, "default", "skus")
        file = receive_file(
            warehouse_dsn, FolderStore(tmp_path / "store"), path, file_name=path.name, way_in="cli",
            actor=job("test"), now=NOW,
        )  # fmt: skip
        with connect(warehouse_dsn, autocommit=True) as mine:
            loading = pool.submit(
                load, mine, FolderStore(tmp_path / "store"), file.file_id, now=NOW, on_rows=rows.append
            )
            while not rows:
                assert not loading.done()
            other.rollback()
            done = loading.result(60)
    assert rows == [3]
    assert done is not None
    assert done.rows_loaded == 3
