"""A warehouse is made ready once, and again without harm."""

from rtv_commands.prepare import prepare_warehouse
from rtv_core.warehouse.connection import connect, fetch_all


def test_preparing_again_applies_nothing_and_keeps_every_raw_table(warehouse_dsn: str) -> None:
    assert prepare_warehouse(warehouse_dsn) == []
    with connect(warehouse_dsn) as connection:
        tables = {
            r["table_name"]
            for r in fetch_all(
                connection, "select table_name from information_schema.tables where table_schema = 'raw'"
            )
        }
    assert {
        "rtv_manifests",
        "qc_captures",
        "qc_capture_items",
        "qc_capture_photos",
        "qc_capture_missing_components",
    } <= tables
