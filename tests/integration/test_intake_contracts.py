"""Every canonical contract is loaded as CSV and as JSON Lines, with its nested records."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from intake_samples import record, write_csv, write_jsonl

from ingest.contracts.registry import contracts
from rtv_commands.ingest import IngestSummary, ingest_paths
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def ingest(dsn: str, tmp_path: Path, *paths: Path, tenant: str = "default") -> IngestSummary:
    return ingest_paths(dsn, FolderStore(tmp_path / "store"), paths, actor=job("test", tenant), now=NOW)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_every_contract_loads(warehouse_dsn: str, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write = write_csv if kind == "csv" else write_jsonl
    for name in contracts():
        write(folder / f"{name}_2026.{kind}", [record(name, number) for number in range(3)])
    summary = ingest(warehouse_dsn, tmp_path, folder, tenant="brand-a")
    assert {file.loaded.error_fact for file in summary.files if file.loaded} == {None}
    assert [
        (file.loaded.contract_name, file.loaded.rows_loaded) for file in summary.files if file.loaded
    ] == [(name, 3) for name in sorted(contracts())]
    with connect(warehouse_dsn) as connection:
        for name in contracts():
            rows = fetch_all(connection, f"select * from raw.{name} order by _row_no")
            assert [row["_row_no"] for row in rows] == ([2, 3, 4] if kind == "csv" else [1, 2, 3])
            assert {row["tenant_code"] for row in rows} == {"brand-a"}
            assert {row["_superseded_at"] for row in rows} == {None}
        items = fetch_all(
            connection,
            """select items.capture_id, item_no, defects, parents.video_uri from raw.qc_capture_items as items
               inner join raw.qc_captures as parents using (_file_id, _row_no)
               order by items._row_no, _position""",
        )
        missing = fetch_all(connection, "select * from raw.qc_capture_missing_components")
        photos = fetch_all(connection, "select * from raw.qc_capture_photos")
    assert len(items) == 6
    assert items[0] == {
        "capture_id": "capture_id-0",
        "item_no": 1,
        "defects": "damaged|leaking",
        "video_uri": "uri-0",
    }
    assert len(missing) == 12
    assert {row["item_no"] for row in missing} == {1, 2}
    assert len(photos) == 6
