"""Small questions about the warehouse itself."""

from __future__ import annotations

from datetime import datetime

from rtv_core.warehouse.connection import Connection, fetch_all


def clock_and_migrations(connection: Connection) -> tuple[datetime, str, int]:
    """The server's time, its version, and how many migrations it has."""
    row = fetch_all(
        connection, "select clock_timestamp() as now, current_setting('server_version') as version"
    )[0]
    has_table = fetch_all(connection, "select to_regclass('ops.migrations') is not null as there")[0]["there"]
    applied = (
        fetch_all(connection, "select count(*) as applied from ops.migrations")[0]["applied"]
        if has_table
        else 0
    )
    return row["now"], row["version"], applied
