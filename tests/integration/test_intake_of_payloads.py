"""Payloads and registers go all the way in: counted, loaded once however often they are sent, mendable."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rtv_commands.ingest import ingest_paths
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all
from tests.unit.ingest.sources.tracking import payloads as sender

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_numbers = itertools.count()
XML = (
    "<RTVDesc><dc_dest_id>1</dc_dest_id><rtv_id>9</rtv_id><rtv_order_no>5500</rtv_order_no>"
    "<creation_ts>2026-11-05T10:00:00</creation_ts>"
    "<RTVDtl><item_id>A</item_id><unit_qty>4</unit_qty></RTVDtl>"
    "<RTVDtl><item_id>B</item_id><unit_qty>four</unit_qty></RTVDtl></RTVDesc>"
)


def _sent(tmp_path: Path, dsn: str, tenant: str, **texts: str) -> list[dict[str, Any]]:
    """Take files in, in order; what became of each."""
    paths = []
    for name, text in texts.items():
        path = tmp_path / name.replace("__", ".")
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    ingest_paths(dsn, FolderStore(tmp_path / "store"), paths, actor=job("test", tenant), now=NOW)
    with connect(dsn) as connection:
        files = fetch_all(
            connection, "select * from ops.files where tenant_code = %s order by file_id", (tenant,)
        )
    for file in files:
        assert file["rows_in"] == file["rows_loaded"] + file["rows_superseded"] + file["rows_quarantined"]
    return files


@pytest.fixture
def tenant() -> str:
    return f"payloads{next(_numbers)}"


def test_a_pull_adds_only_the_scans_that_no_webhook_brought(
    tmp_path: Path, warehouse_dsn: str, tenant: str
) -> None:
    scans = [sender.shiprocket_scan("42"), sender.shiprocket_scan("18", at="2026-11-06 09:00:00")]
    hook = sender.shiprocket(scans[0], shipment_status_id=42)
    pull = sender.shiprocket(*scans, shipment_status_id=18)
    files = _sent(tmp_path, warehouse_dsn, tenant, hook__json=json.dumps(hook), pull__json=json.dumps(pull))
    assert [(file["source_name"], file["rows_loaded"], file["rows_superseded"]) for file in files] == [
        ("tracking", 1, 0),
        ("tracking", 1, 1),
    ]


def test_what_stays_unknown_is_loaded_with_its_code(tmp_path: Path, warehouse_dsn: str, tenant: str) -> None:
    _sent(tmp_path, warehouse_dsn, tenant, hook__json=json.dumps(sender.clickpost("555"), indent=1))
    with connect(warehouse_dsn) as connection:
        (event,) = fetch_all(
            connection, "select * from raw.transporter_events where tenant_code = %s", (tenant,)
        )
    assert (event["status"], event["raw_code"]) == ("unknown", "555")


def test_a_bad_line_of_an_xml_document_is_kept_in_quarantine(
    tmp_path: Path, warehouse_dsn: str, tenant: str
) -> None:
    (file,) = _sent(tmp_path, warehouse_dsn, tenant, RTVDesc__xml=XML)
    assert (file["source_name"], file["rows_loaded"], file["rows_quarantined"]) == ("oracle_retail", 1, 1)
    with connect(warehouse_dsn) as connection:
        (row,) = fetch_all(
            connection, "select * from ops.quarantined_rows where file_id = %s", (file["file_id"],)
        )
    assert (row["column_name"], row["bad_value"]) == ("qty", "four")
