"""What nobody can name yet is shown as waiting, and taken in by the build after somebody says what it is."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from rtv_commands.build import build_warehouse
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.marts import health
from tests.factories import DAY, PLATFORM, TRANSPORTER, World, at


@pytest.mark.slow
def test_an_unlisted_article_and_an_unknown_code_wait_for_a_word(warehouse_dsn: str) -> None:
    with psycopg.connect(warehouse_dsn) as connection:
        world = World(connection)
        world.places()
        world.sku("A")
        world.manifest("LOST", [{"sku": "A", "qty": 2}, {"sku": "NEW", "qty": 3}], awb_no="W1")
        world.event("W1", "unknown", event_at=at(1), raw_code="Z 9", raw_text="SHPMNT COLL")
    with connect(warehouse_dsn) as connection:
        assert health.unlisted_lines(connection, "default", limit=10) == []
        assert health.unknown_statuses(connection, "default", limit=10) == []
    build_warehouse(warehouse_dsn, as_of=DAY + timedelta(days=3), run_id="one")
    with connect(warehouse_dsn) as connection:
        (waiting,) = health.unlisted_lines(connection, "default", limit=10)
        (unknown,) = health.unknown_statuses(connection, "default", limit=10)
    assert (unknown.raw_code, unknown.example_text, unknown.event_count) == ("Z 9", "SHPMNT COLL", 1)
    assert (waiting.platform_code, waiting.platform_sku, waiting.rtvs, waiting.units) == (
        PLATFORM,
        "P-NEW",
        1,
        3,
    )

    with psycopg.connect(warehouse_dsn) as connection:
        late = World(connection, _numbers=iter(range(1000, 2000)))
        late.sku("NEW")
        late.insert("tracking_statuses", transporter_code=TRANSPORTER, raw_code="z9", status="picked_up")
    build_warehouse(warehouse_dsn, as_of=DAY + timedelta(days=4), run_id="two")
    with connect(warehouse_dsn) as connection:
        assert health.unlisted_lines(connection, "default", limit=10) == []
        assert health.unknown_statuses(connection, "default", limit=10) == []
        (moved,) = fetch_all(connection, "select stage from marts.fct_rtvs")
        lines = fetch_all(connection, "select sku_code, declared_qty from marts.fct_rtv_lines order by 1")
    assert [(line["sku_code"], line["declared_qty"]) for line in lines] == [("A", 2), ("NEW", 3)]
    assert moved["stage"] == "picked_up"
