"""Keeps dbt's connection of a thread open from node to node: dbt-postgres opens one for each node.

dbt's adapter for Snowflake has a setting for it (`reuse_connections`), the one for Postgres has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.adapters.postgres.connections import PostgresConnectionManager


@contextmanager
def kept_connections() -> Iterator[None]:
    """While entered, a node gives its connection back clean and open; dbt closes it when its command ends."""
    from dbt.adapters.postgres.connections import PostgresConnectionManager

    close = PostgresConnectionManager.release

    def keep(manager: PostgresConnectionManager) -> None:
        if not _is_clean(manager):
            close(manager)

    PostgresConnectionManager.release = keep
    try:
        yield
    finally:
        PostgresConnectionManager.release = close


def _is_clean(manager: PostgresConnectionManager) -> bool:
    """Whether the thread's connection is open with nothing left of its node; dbt closes any other."""
    import psycopg2

    connection = manager.get_if_exists()
    if connection is None or connection.state != "open" or connection.handle.closed:
        return False
    try:
        connection.handle.rollback()
    except psycopg2.Error:
        return False
    connection.transaction_open = False
    return True
