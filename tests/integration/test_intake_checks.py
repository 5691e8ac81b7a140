"""Great Expectations guards the sets, and an error of a check is not a failure of the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import great_expectations.expectations as gxe
from intake_samples import record, write_csv

from expectations.checkpoints import CHILD_TABLES, all_suites, run_suites
from expectations.sets import Suite
from ingest.contracts.registry import contracts
from rtv_commands.check import check_raw
from rtv_commands.ingest import ingest_paths
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def _world(dsn: str, tmp_path: Path) -> None:
    """Masters that fit each other, and one dispatch of an unknown SKU."""
    folder = tmp_path / "in"
    folder.mkdir()
    parties = [record("parties", number, party_code=f"P{number}") for number in range(2)]
    nodes = [record("nodes", number, node_code=f"N{number}", party_code="P0") for number in range(2)]
    skus = [record("skus", 1, sku_code="S1")]
    sold = {"platform_code": "P0", "ship_to_node": "N1"}
    dispatches = [
        record("dispatches", 1, sku_code="S1", **sold),
        record("dispatches", 2, sku_code="GHOST", **sold),
    ]
    declared = {"platform_code": "P0", "origin_node": "N0", "destination_node": "N1"}
    manifests = [record("rtv_manifests", 1, **declared)]
    for name, records in (
        ("parties", parties),
        ("nodes", nodes),
        ("skus", skus),
        ("dispatches", dispatches),
        ("rtv_manifests", manifests),
    ):
        write_csv(folder / f"{name}.csv", records)
    ingest_paths(dsn, FolderStore(tmp_path / "store"), [folder], actor=job("test"), now=NOW)


def test_there_is_a_suite_for_every_raw_table() -> None:
    assert {suite.table for suite in all_suites()} == set(contracts()) | CHILD_TABLES


def test_a_dangling_reference_fails_and_is_kept_with_its_column(warehouse_dsn: str, tmp_path: Path) -> None:
    _world(warehouse_dsn, tmp_path)
    summary = check_raw(warehouse_dsn, "run-1", now=NOW)
    assert [(result.suite_name, result.expectation, result.observed) for result in summary.failed] == [
        ("raw__dispatches", "every sku_code stands in raw.skus", "1")
    ]
    assert summary.errors == ()
    with connect(warehouse_dsn) as connection:
        kept = fetch_all(connection, "select * from ops.checks where not is_success")
    assert [(row["column_name"], row["run_id"], row["failure"]) for row in kept] == [
        ("sku_code", "run-1", None)
    ]


def test_stale_data_fails_and_an_empty_optional_table_is_passed_over(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    _world(warehouse_dsn, tmp_path)
    later = check_raw(warehouse_dsn, "run-2", now=NOW + timedelta(days=8))
    assert ("raw__rtv_manifests", "something came in within 7 days") in {
        (result.suite_name, result.expectation) for result in later.failed
    }
    assert "raw__credit_notes" not in {result.suite_name for result in later.results}


def test_a_missing_master_fails_by_volume(warehouse_dsn: str) -> None:
    summary = check_raw(warehouse_dsn, "run-3", now=NOW, tenant_code="nobody")
    assert ("raw__skus", "holds at least 1 rows") in {
        (result.suite_name, result.expectation) for result in summary.failed
    }


def test_an_error_of_the_check_is_told_apart(warehouse_dsn: str, tmp_path: Path) -> None:
    _world(warehouse_dsn, tmp_path)
    broken = Suite(
        "skus",
        lambda now, tenant: (
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query="select * from {batch} where nowhere = 1",
                description="asks for nonsense",
            ),
            gxe.ExpectColumnMeanToBeBetween(column="nowhere", min_value=1, description="so does this"),
        ),
    )
    with connect(warehouse_dsn) as connection:
        results = list(run_suites(warehouse_dsn, connection, ["default"], now=NOW, chosen=[broken]))
    assert [result.is_success for result in results] == [None, None]
    assert all("nowhere" in (result.failure or "") for result in results)
