"""Great Expectations guards the sets, and an error of a check is not a failure of the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import great_expectations.expectations as gxe
import pytest
from intake_samples import record, write_csv

from expectations.checkpoints import CHILD_TABLES, all_suites, run_suites
from expectations.sets import Suite
from expectations.thresholds import BOUNDS, defaults
from ingest.contracts.registry import contracts
from rtv_commands.check import check_raw
from rtv_commands.ingest import ingest_paths
from rtv_commands.set_threshold import change_threshold, list_thresholds, reset_threshold
from rtv_core.errors import InvalidInput
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
CLERK = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}))


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

    class Broken(Suite):
        def expectations(self, tenant_code: str) -> list[Any]:
            return [
                gxe.UnexpectedRowsExpectation(
                    unexpected_rows_query="select * from {batch} where nowhere = 1",
                    description="asks for nonsense",
                ),
                gxe.ExpectColumnMeanToBeBetween(column="nowhere", min_value=1, description="so does this"),
            ]

    broken = Broken("listings", is_needed=True)
    with connect(warehouse_dsn) as connection:
        results = list(run_suites(warehouse_dsn, connection, ["default"], now=NOW, chosen=[broken]))
    assert [result.is_success for result in results] == [None, None]
    assert all("nowhere" in (result.failure or "") for result in results)


def test_what_every_tenant_starts_with_is_sound() -> None:
    tables = {suite.table for suite in all_suites()}
    for one in defaults():
        bounds = {"low": one.low, "high": one.high}
        assert one.table_name in tables
        assert {name for name, value in bounds.items() if value is not None} == set(BOUNDS[one.check_name])
        assert one.reason
    assert len({one.key for one in defaults()}) == len(defaults())


def test_a_threshold_is_set_by_source_with_its_reason_and_taken_back(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    _world(warehouse_dsn, tmp_path)
    of_all, of_source = ("skus", "", "", "rows"), ("skus", "canonical", "mrp", "mean")
    for key, low, high in ((of_all, 5, None), (of_source, 1, 2), (("skus", "amazon", "", "rows"), 1, None)):
        change_threshold(
            warehouse_dsn, key, low=low, high=high, reason="We sell more", actor=CLERK, now=NOW
        )  # fmt: skip
    change_threshold(
        warehouse_dsn,
        ("dispatches", "", "", "age_days"),
        low=None,
        high=None,
        reason="Off",
        actor=CLERK,
        now=NOW,
    )
    summary = check_raw(warehouse_dsn, "run-4", now=NOW)
    assert {result.expectation for result in summary.failed if result.suite_name == "raw__skus"} == {
        "holds at least 5 rows",
        "the mean of mrp is 1 to 2 (canonical)",
        "holds at least 1 rows (amazon)",
    }
    assert not [result for result in summary.results if "35 days" in result.expectation]
    set_by = {one["check_name"]: one["set_by"] for one in list_thresholds(warehouse_dsn, "default")
              if one["table_name"] == "skus" and not one["source_name"]}  # fmt: skip
    assert set_by == {"rows": "asha", "mean": None, "distinct": None}
    assert list_thresholds(warehouse_dsn, "other") != list_thresholds(warehouse_dsn, "default")
    reset_threshold(warehouse_dsn, of_all, actor=CLERK, now=NOW)
    assert "holds at least 1 rows" in {
        result.expectation for result in check_raw(warehouse_dsn, "run-5", now=NOW).results
    }
    with connect(warehouse_dsn) as connection:
        (said,) = fetch_all(
            connection,
            "select object_id, actor_name from ops.audit_trail where verb = 'check_threshold_reset'",
        )
    assert said == {"object_id": "skus/rows", "actor_name": "asha"}


@pytest.mark.parametrize(
    ("key", "low", "high", "reason", "fact"),
    [
        (("nowhere", "", "", "rows"), 1, None, "x", "No raw table is called nowhere"),
        (("skus", "nobody", "", "rows"), 1, None, "x", "No source is called nobody"),
        (("skus", "", "", "guess"), 1, None, "x", "No check is called guess"),
        (("skus", "", "colour", "distinct"), 1, None, "x", "skus has no column colour"),
        (("skus", "", "mrp", "rows"), 1, None, "x", "rows of mrp says nothing"),
        (("skus", "", "mrp", "value_share"), None, 1, "x", "value_share of mrp says nothing"),
        (("skus", "", "mrp", "mean"), 1, None, "x", "mean is bound by low and high"),
        (("skus", "", "", "rows"), 1, None, " ", "The bound has no reason"),
    ],
)
def test_a_threshold_that_says_nothing_is_refused(
    key: tuple[str, str, str, str],
    low: float | None,
    high: float | None,
    reason: str,
    fact: str,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        change_threshold("", key, low=low, high=high, reason=reason, actor=CLERK, now=NOW)
    assert refused.value.fact == fact
