"""Tenants with the same numbers never touch, and the same inputs give the same rows (ruling 65)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from rtv_commands.build import build_warehouse
from tests.factories import DAY
from tests.laws.histories import begin_histories

SEED = 77
AS_OF = DAY + timedelta(days=45)
STEPS = 10
_OF_NO_TENANT = {"dim_dates", "dim_discrepancy_rules"}
_OF_THE_BUILD = ("valid_from_build", "valid_to_build")


def _tell(dsn: str, tenants: int) -> None:
    """Tell a warehouse of so many tenants; their numbers are the same, their returns are not."""
    with psycopg.connect(dsn) as connection:
        histories, told = begin_histories(connection, tenants, SEED)
        for step in range(1, STEPS + 1):
            for history in histories:
                history.step(step * 2)
        told.copy_to(connection)


def _leave_alone(dsn: str, tenant: str) -> None:
    """Take every other tenant out of what was told."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'raw'").fetchall()
        for (table,) in tables:
            connection.execute(f'delete from raw."{table}" where tenant_code <> %s'.encode(), (tenant,))


def _marts(dsn: str, tenant: str) -> dict[str, list[dict[str, Any]]]:
    """Every row that a tenant's readers see, mart by mart."""
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        views = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
        found = {}
        for view in views:
            name = view["table_name"]
            if name in _OF_NO_TENANT:
                continue
            query = f'select * from marts."{name}" where tenant_code = %s'
            rows = connection.execute(query.encode(), (tenant,)).fetchall()
            plain = [{key: value for key, value in row.items() if key not in _OF_THE_BUILD} for row in rows]
            found[name] = sorted(plain, key=repr)
        return found


def _rows_touched(dsn: str, build_id: int) -> list[tuple[str, int]]:
    """How many rows of each tenant, and of none, a build added or closed, table by table."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "select c.relname, exists (select 1 from pg_attribute as a where a.attrelid = c.oid "
            "and a.attname = 'tenant_code') from pg_class as c "
            "where c.relnamespace = 'published'::regnamespace and c.relkind = 'r'"
        ).fetchall()
        found: list[tuple[str, int]] = []
        for name, has_tenant in tables:
            tenant = "tenant_code" if has_tenant else "'no tenant'"
            query = (
                f'select {tenant}, count(*) from published."{name}" '
                "where valid_from_build = %(build)s or valid_to_build = %(build)s group by 1"
            )
            found += connection.execute(query.encode(), {"build": build_id}).fetchall()
        return found


@pytest.mark.slow
def test_a_tenant_sees_what_it_would_see_alone_and_a_second_build_changes_nothing(
    warehouse_dsn: str,
) -> None:
    _tell(warehouse_dsn, 6)
    build_warehouse(warehouse_dsn, as_of=AS_OF, run_id="together")
    together = _marts(warehouse_dsn, "h00000")
    assert len(_marts(warehouse_dsn, "h00001")["fct_rtv_lines"]) > 0
    _leave_alone(warehouse_dsn, "h00000")
    again = build_warehouse(warehouse_dsn, as_of=AS_OF, run_id="alone")
    alone = _marts(warehouse_dsn, "h00000")
    assert list(together) == list(alone)
    assert {name for name, rows in together.items() if rows != alone[name]} == set()
    assert sum(map(len, alone.values())) > 80
    with psycopg.connect(warehouse_dsn) as connection:
        pointer = connection.execute("select build_id from ops.published_build").fetchall()
    assert pointer == [(again.build_id,)]
    touched = _rows_touched(warehouse_dsn, again.build_id)
    # The rows of those who left are all that changed: nothing of the one who stayed was written anew.
    assert {tenant for tenant, _ in touched} == {f"h0000{number}" for number in range(1, 6)}
    assert again.stages[-1].changed_rows == sum(count for _, count in touched) > 0
