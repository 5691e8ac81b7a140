"""A manifest line that no listing names is shown as waiting, and taken in by the build after one does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rtv_commands.build import build_warehouse
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.marts import health
from tests.factories import DAY, PLATFORM, World


@pytest.mark.slow
def test_an_unlisted_article_waits_for_its_listing(warehouse_dsn: str, tmp_path: Path) -> None:
    with psycopg.connect(warehouse_dsn) as connection:
        world = World(connection)
        world.places()
        world.sku("A")
        world.manifest("LOST", [{"sku": "A", "qty": 2}, {"sku": "NEW", "qty": 3}], awb_no="W1")
    with connect(warehouse_dsn) as connection:
        assert health.unlisted_lines(connection, "default", limit=10) == []
    build_warehouse(warehouse_dsn, as_of=DAY + timedelta(days=3), run_id="one", work_folder=tmp_path)
    with connect(warehouse_dsn) as connection:
        (waiting,) = health.unlisted_lines(connection, "default", limit=10)
    assert (waiting.platform_code, waiting.platform_sku, waiting.rtvs, waiting.units) == (
        PLATFORM,
        "P-NEW",
        1,
        3,
    )

    with psycopg.connect(warehouse_dsn) as connection:
        late = World(connection, _numbers=iter(range(1000, 2000)))
        late.sku("NEW")
    build_warehouse(warehouse_dsn, as_of=DAY + timedelta(days=4), run_id="two", work_folder=tmp_path)
    with connect(warehouse_dsn) as connection:
        assert health.unlisted_lines(connection, "default", limit=10) == []
        lines = fetch_all(connection, "select sku_code, declared_qty from marts.fct_rtv_lines order by 1")
    assert [(line["sku_code"], line["declared_qty"]) for line in lines] == [("A", 2), ("NEW", 3)]
