"""The marts against the truth of made worlds: what the hub concludes is what happened to the units."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from rtv_cli.simulator.mess import Careless
from rtv_cli.simulator.truth import LINE_QUANTITIES
from rtv_cli.simulator.world import WorldSummary, make_world
from rtv_commands.build import build_warehouse
from rtv_commands.build.run_dbt import DbtRun
from rtv_commands.ingest import ingest_paths
from rtv_core.identity import Actor, job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.models import make_marts

CONSIGNMENT_RULES = {
    "goods_without_manifest", "carton_short_at_pickup", "consignment_lost", "carton_lost_in_transit",
    "carton_short_at_gate", "carton_excess", "seal_broken", "pickup_late", "delivery_late", "qc_overdue",
}  # fmt: skip


def _seeds() -> list[int]:
    """Two seeds by chance, or those of RTV_TRUTH_SEEDS; the name of each test tells its seed."""
    given = os.environ.get("RTV_TRUTH_SEEDS")
    if given:
        return [int(seed) for seed in given.split(",")]
    # Workers of one run must draw the same seeds, else they would not collect the same tests.
    roll = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID"))
    return sorted(roll.sample(range(1, 100_000), 2))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a seed; of two by chance one is tidy and one careless, given ones are both."""
    if "seed" in metafunc.fixturenames:
        seeds, is_careless = _seeds(), "careless" in metafunc.function.__name__
        given = bool(os.environ.get("RTV_TRUTH_SEEDS"))
        metafunc.parametrize("seed", seeds if given else seeds[is_careless:][:1])


def _read(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def _size() -> str:
    return os.environ.get("RTV_TRUTH_SIZE", "small")


def _built(dsn: str, folder: Path, seed: int) -> WorldSummary:
    world = make_world(folder / "world", size=_size(), seed=seed)
    actor: Actor = job("test")
    loaded = ingest_paths(
        dsn, FolderStore(folder / "store"), [world.inputs], actor=actor, now=datetime.now(UTC)
    )
    assert (loaded.quarantined_files, loaded.rows_quarantined) == (0, 0)
    build_warehouse(dsn, as_of=world.as_of, run_id=f"truth-{seed}")
    return world


def _discrepancy(row: dict[str, Any]) -> tuple[object, ...]:
    """What truth and mart must agree on; a consignment is named by its AWB, a line by its SKU and batch."""
    names = ["platform_code", "rtv_no", "sku_code", "batch_no"]
    if row["rule_code"] in CONSIGNMENT_RULES:
        names = ["platform_code", "rtv_no", "awb_no"]
    fields = (*names, "discrepancy_qty", "liable_role", "value_minor")
    return (row["rule_code"], *(row[name] for name in fields))


@pytest.mark.slow
def test_marts_tell_what_happened(warehouse_dsn: str, tmp_path: Path, seed: int) -> None:
    world = _built(warehouse_dsn, tmp_path, seed)
    with connect(warehouse_dsn) as connection:
        found = fetch_all(connection, "select * from marts.fct_discrepancies")
        rules = {
            row["rule_code"] for row in fetch_all(connection, "select rule_code from seeds.discrepancy_rules")
        }
        lines = fetch_all(connection, "select * from marts.fct_rtv_lines")
    true_lines = {(*_line_key(row), *_quantities(row)) for row in _read(world.truth / "rtv_lines.jsonl")}
    assert _differences(true_lines, {(*_line_key(row), *_quantities(row)) for row in lines}) == []
    expected = Counter(_discrepancy(row) for row in _read(world.truth / "discrepancies.jsonl"))
    concluded = Counter(_discrepancy(row) for row in found)
    assert _differences(expected.elements(), concluded.elements()) == []
    assert {row[0] for row in concluded} == rules
    assert len(rules) == 28


@pytest.mark.slow
def test_careless_papers_tell_the_same(warehouse_dsn: str, tmp_path: Path, seed: int) -> None:
    """Aliased AWBs, naive times, columns left out, rows and files twice, in no order, built in between."""
    world = make_world(tmp_path / "world", size=_size(), seed=seed, mess=Careless(seed))
    store, actor, now = FolderStore(tmp_path / "store"), job("test"), datetime.now(UTC)
    half = len(world.files) // 2
    for number, paths in enumerate((world.files[:half], world.files[half:])):
        loaded = ingest_paths(warehouse_dsn, store, paths, actor=actor, now=now)
        assert (loaded.quarantined_files, loaded.rows_quarantined) == (0, 0)
        if number == 0:
            # What half of the papers made lies in the way of the build of all.
            make_marts(DbtRun(warehouse_dsn, world.as_of, "Asia/Kolkata", 2), "fqn:rtv_hub.marts")
    build_warehouse(warehouse_dsn, as_of=world.as_of, run_id=f"mess-{seed}")
    with connect(warehouse_dsn) as connection:
        found = fetch_all(connection, "select * from marts.fct_discrepancies")
    expected = Counter(_discrepancy(row) for row in _read(world.truth / "discrepancies.jsonl"))
    differences = _differences(expected.elements(), (_discrepancy(row) for row in found))
    assert not differences, "\n".join(differences)


def _differences(true: Iterable[tuple[object, ...]], told: Iterable[tuple[object, ...]]) -> list[str]:
    """What is true and not told, and what is told and not true, side by side."""
    expected, concluded = Counter(true), Counter(told)
    missed = [f"{row} is true and not told" for row in (expected - concluded).elements()]
    invented = [f"{row} is told and not true" for row in (concluded - expected).elements()]
    return sorted(missed + invented)


def _line_key(row: dict[str, Any]) -> tuple[object, ...]:
    return row["platform_code"], row["rtv_no"], row["sku_code"], row["batch_no"]


def _quantities(row: dict[str, Any]) -> tuple[object, ...]:
    return tuple(row[name] for name in (*LINE_QUANTITIES, "declared_value_minor", "is_final"))
