"""A broken rule is caught: each rule's SQL is patched, and what it then tells is not what happened."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from rtv_cli.simulator.world import make_world
from rtv_commands.build import run_stage
from rtv_commands.build.run_dbt import PROJECT_FOLDER, DbtRun
from rtv_commands.ingest import ingest_paths
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

# What is patched in which rule: a border moved, a quantity off by one, a verdict taken for another.
PATCHES = {
    "goods_without_manifest": ("scanned_qty as observed_qty", "scanned_qty + 1 as observed_qty"),
    "debit_without_goods": ("where is_without_goods", "where is_without_goods and is_debited"),
    "duplicate_manifest": ("where repeated.is_duplicate", "where not repeated.is_duplicate"),
    "not_permitted": ("held.declared_qty as observed_qty", "held.declared_qty + 1 as observed_qty"),
    "over_return": ("lines.declared_qty as observed_qty", "lines.declared_qty + 1 as observed_qty"),
    "carton_short_at_pickup": ("missing_at_pickup_cartons > 0", "missing_at_pickup_cartons > 1"),
    "consignment_lost": ("rtv_count > 0", "rtv_count > 1"),
    "carton_lost_in_transit": ("missing_in_transit_cartons > 0", "missing_in_transit_cartons > 1"),
    "carton_short_at_gate": ("missing_at_gate_cartons > 0", "missing_at_gate_cartons > 1"),
    "carton_excess": ("excess_cartons > 0", "excess_cartons > 1"),
    "seal_broken": ("unsealed_receipt_count > 0", "unsealed_receipt_count > 1"),
    "unit_short": (
        "lines.returned_qty + lines.unit_short_qty",
        "lines.returned_qty + lines.unit_short_qty + 1",
    ),
    "unit_excess": ("lines.declared_qty + lines.excess_qty", "lines.declared_qty + lines.excess_qty + 1"),
    "wrong_sku": ("replaced.paired_qty as expected_qty", "replaced.paired_qty + 1 as expected_qty"),
    "foreign_item": ("items.qty as observed_qty", "items.qty + 1 as observed_qty"),
    "kit_incomplete": ("= 'kit_incomplete'", "= 'damaged'"),
    "damaged": ("= 'damaged'", "= 'expired'"),
    "expired": ("= 'expired'", "= 'near_expiry'"),
    "near_expiry": ("= 'near_expiry'", "= 'expired'"),
    "used_or_tampered": ("= 'used_or_tampered'", "= 'damaged'"),
    "batch_mismatch": ("= 'batch_mismatch'", "= 'mrp_mismatch'"),
    "mrp_mismatch": ("= 'mrp_mismatch'", "= 'batch_mismatch'"),
    "price_variance": ("debits.qty - debits.variance_qty as expected_qty", "debits.qty - 1 as expected_qty"),
    "tax_variance": (
        "abs(debits.tax_amount_minor - debits.expected_tax_minor)",
        "abs(debits.tax_amount_minor - debits.tax_amount_minor)",
    ),
    "document_missing": ("where present.rtv_key is null", "where present.rtv_key is not null"),
    "pickup_late": ("where first_picked_up_at > ", "where first_picked_up_at < "),
    "delivery_late": ("{{ as_of() }}) > due_at", "{{ as_of() }}) < due_at"),
    "qc_overdue": ("{{ as_of() }}) > due_at", "{{ as_of() }}) < due_at"),
}


def _told(rows: list[dict[str, Any]], grains: dict[str, str]) -> dict[str, Counter[tuple[object, ...]]]:
    """What is told of each rule, as far as truth and model must agree on it."""
    found: dict[str, Counter[tuple[object, ...]]] = {rule: Counter() for rule in grains}
    for row in rows:
        is_carried = grains[row["rule_code"]] == "consignment"
        names = ("awb_no",) if is_carried else ("sku_code", "batch_no")
        key = tuple(
            row[name] for name in ("platform_code", "rtv_no", *names, "discrepancy_qty", "liable_role")
        )
        found[row["rule_code"]][key] += 1
    return found


@pytest.mark.slow
def test_every_broken_rule_is_caught_by_the_truth(warehouse_dsn: str, tmp_path: Path) -> None:
    world = make_world(tmp_path / "world", size="small", seed=7)
    store = FolderStore(tmp_path / "store")
    ingest_paths(warehouse_dsn, store, [world.inputs], actor=job("test"), now=datetime.now(UTC))
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT_FOLDER, project, ignore=shutil.ignore_patterns("target", "logs"))
    for stage in ("staging", "matching", "discrepancies"):
        run_stage(warehouse_dsn, stage, as_of=world.as_of, run_id="sound", project_folder=project)
    with connect(warehouse_dsn) as connection:
        seed = fetch_all(connection, "select rule_code, grain from seeds.discrepancy_rules")
    grains = {row["rule_code"]: row["grain"] for row in seed}
    assert set(PATCHES) == set(grains)
    lines = (world.truth / "discrepancies.jsonl").read_bytes().splitlines()
    true = _told([orjson.loads(line) for line in lines], grains)
    assert _told(_discrepancies(warehouse_dsn), grains) == true
    rules = project / "models" / "intermediate" / "discrepancies"
    for rule_code, (sound, broken) in PATCHES.items():
        path = rules / f"int_discrepancies__{rule_code}.sql"
        text = path.read_text(encoding="utf-8")
        assert sound in text, f"the patch of {rule_code} has lost its place"
        path.write_text(text.replace(sound, broken), encoding="utf-8")
    run = DbtRun(warehouse_dsn, world.as_of, "Asia/Kolkata", 2, project_folder=project)
    made, failure = run.invoke("run", "--select", "int_discrepancies__*")
    assert failure is None
    assert {outcome.node_status for outcome in made} == {"success"}
    told = _told(_discrepancies(warehouse_dsn), grains)
    assert [rule_code for rule_code in PATCHES if told[rule_code] == true[rule_code]] == []


def _discrepancies(dsn: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return fetch_all(connection, "select * from intermediate.int_discrepancies__unioned")
