"""A made world: the same bytes for a seed, labelled, of the right shape, its truth out of sight."""

from __future__ import annotations

import csv
import hashlib
import os
import stat
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from rtv_cli.simulator.faults import all_faults
from rtv_cli.simulator.truth import RECEIVED
from rtv_cli.simulator.world import WorldSummary, make_world, plan_world, returns_of
from rtv_core.errors import InvalidInput


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> WorldSummary:
    return make_world(tmp_path_factory.mktemp("worlds") / "one", size="small", seed=11)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_the_same_seed_gives_the_same_bytes(world: WorldSummary, tmp_path: Path) -> None:
    again = make_world(tmp_path / "again", size="small", seed=11)
    assert _hashes(again.inputs) == _hashes(world.inputs)
    assert _hashes(again.truth) == _hashes(world.truth)


def test_neither_hash_order_nor_zone_of_the_machine_changes_a_byte(
    world: WorldSummary, tmp_path: Path
) -> None:
    command = "import sys; from rtv_cli.main import main; sys.argv = ['rtv', *sys.argv[1:]]; main()"
    options = ["simulate", "--size", "small", "--seed", "11", "--out", str(tmp_path / "again")]
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    subprocess.run(
        [sys.executable, "-c", command, *options], check=True, env=environment, capture_output=True
    )
    assert _hashes(tmp_path / "again" / "inputs") == _hashes(world.inputs)
    assert _hashes(tmp_path / "again.truth") == _hashes(world.truth)


def test_another_seed_gives_another_world(world: WorldSummary, tmp_path: Path) -> None:
    other = make_world(tmp_path / "other", size="small", seed=12)
    assert not set(_hashes(other.truth).values()) & set(_hashes(world.truth).values())


def test_every_file_says_that_it_is_synthetic(world: WorldSummary) -> None:
    assert (world.inputs.parent / "SYNTHETIC.txt").read_text().startswith("SYNTHETIC")
    assert all("_synthetic_" in path.name for path in world.files)
    for path in world.inputs.glob("*.csv"):
        with path.open(newline="") as file:
            assert {row["is_synthetic"] for row in csv.DictReader(file)} == {"true"}, path.name
    for path in world.inputs.glob("*.jsonl"):
        assert all(row["is_synthetic"] is True for row in _rows(path)), path.name
    with next(world.inputs.glob("parties*.csv")).open(newline="") as file:
        assert all(row["party_name"].endswith("(synthetic)") for row in csv.DictReader(file))


def test_a_small_world_has_the_promised_shape(world: WorldSummary) -> None:
    standing = plan_world("small", 11)
    roles = Counter(party.party_role for party in standing.parties)
    assert 10 <= len(standing.nodes) <= 20
    assert (roles["platform"], roles["transporter"], roles["brand"]) == (5, 6, 4)
    assert 40 <= len(world.files) <= 62
    assert 58 <= world.totals.rtvs <= 66
    assert standing.kits


@pytest.mark.parametrize("size", ["medium", "large"])
def test_bigger_worlds_keep_to_twenty_nodes(size: str) -> None:
    assert 10 <= len(plan_world(size, 3).nodes) <= 20


def test_every_fault_happens_in_a_small_world(world: WorldSummary) -> None:
    assert set(world.totals.discrepancies) == set(all_faults())


def test_the_truth_keeps_the_law_of_units(world: WorldSummary) -> None:
    for row in _rows(world.truth / "rtv_lines.jsonl"):
        parts = (
            "accepted_qty",
            "condition_failed_qty",
            "short_qty",
            "wrong_item_in_place_qty",
            "pending_qty",
        )
        assert row["declared_qty"] == sum(row[name] for name in parts)
        assert row["received_qty"] == sum(row[name] for name in RECEIVED)


def test_only_the_owner_may_look_at_the_truth(world: WorldSummary) -> None:
    assert stat.S_IMODE(world.truth.stat().st_mode) == 0o700
    assert not world.truth.is_relative_to(world.inputs.parent)


def test_a_truth_among_the_inputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must not lie under"):
        make_world(tmp_path / "world", size="small", seed=1, truth=tmp_path / "world" / "inputs")


def test_a_size_that_is_unknown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="huge"):
        make_world(tmp_path / "world", size="huge", seed=1)


def test_nothing_happens_after_the_world_is_looked_at() -> None:
    world = plan_world("small", 4, datetime(2026, 3, 1, tzinfo=UTC))
    for case in returns_of(world):
        assert case.created_at < world.as_of
        assert case.handover_at < world.as_of or not case.is_at_gate
        assert case.picked_up_at < world.as_of or not case.is_collected


def test_rates_of_a_medium_world_are_those_of_the_field() -> None:
    units: Counter[str] = Counter()
    late = 0
    for case in returns_of(plan_world("medium", 5)):
        late += case.is_late or not case.is_announced
        for pile in case.piles:
            units["all"] += pile.qty
            units["short"] += pile.qty if pile.lost_at == "packing" else 0
            units["damaged"] += pile.qty if pile.condition in ("damaged", "leaking") else 0
            units["wrong"] += pile.qty if pile.is_replaced else 0
    assert 0.01 <= units["short"] / units["all"] <= 0.03
    assert 0.03 <= units["damaged"] / units["all"] <= 0.08
    assert 0.005 <= units["wrong"] / units["all"] <= 0.02
    assert 0.03 <= late / 2000 <= 0.07
