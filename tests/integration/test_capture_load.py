"""A burst beyond what fits is told to come back: nothing is lost, twice or a fault of ours (R28, short)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from bench.capture_load import Load
from rtv_core.warehouse.connection import connect, fetch_all
from tests.conftest import free_port
from tests.fixtures.bay import SIGN_IN, bay_settings, serving


def test_a_burst_is_refused_in_part_and_kept_as_a_whole(warehouse_dsn: str, tmp_path: Path) -> None:
    settings = bay_settings(warehouse_dsn, tmp_path / "bay", free_port(), requests_at_once=8, connections=2)
    with serving(settings) as bay:
        stations = [{**SIGN_IN, "station_code": f"ST-{number}"} for number in range(4)]
        tokens = [httpx.post(f"{bay.url}/v1/sessions", json=who).json()["token"] for who in stations]
        load = Load(bay.url, tokens)
        asyncio.run(load.paced(per_second=40, seconds=1, burst=40, every_s=1))
    with connect(warehouse_dsn) as connection:
        kept = fetch_all(connection, "select sha256 from ops.files where way_in = 'api'")
    assert len(load.acknowledged) == 80
    assert sorted(row["sha256"] for row in kept) == sorted(
        answer["sha256"] for answer in load.acknowledged.values()
    )
    assert load.too_many > 0
    assert load.failed == 0, load.first_failures
