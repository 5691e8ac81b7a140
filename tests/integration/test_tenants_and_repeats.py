"""Tenants with the same numbers never touch, and the same inputs give the same rows (ruling 65)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from rtv_commands.build import build_warehouse
from tests.factories import DAY
from tests.fixtures.warehouses import Warehouses
from tests.laws.histories import begin_histories

SEED = 77
AS_OF = DAY + timedelta(days=45)
STEPS = 10
_OF_NO_TENANT = {"dim_dates", "dim_discrepancy_rules"}
_OF_THE_BUILD = ("valid_from_build", "valid_to_build")


def _tell(dsn: str, tenants: int, leave_out: tuple[str, ...] = ()) -> None:
    """Tell a warehouse of so many tenants; their numbers are the same, their returns are not."""
    with psycopg.connect(dsn) as connection:
        histories, told = begin_histories(connection, tenants, SEED)
        for step in range(1, STEPS + 1):
            for history in histories:
                history.step(step * 2)
        told.copy_to(connection)
        for tenant in leave_out:
            tables = connection.execute("select tablename from pg_tables where schemaname = 'raw'").fetchall()
            for (table,) in tables:
                connection.execute(f'delete from raw."{table}" where tenant_code = %s'.encode(), (tenant,))


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


@pytest.mark.slow
def test_a_tenant_sees_what_it_would_see_alone_and_a_second_build_changes_nothing(
    warehouses: Warehouses,
) -> None:
    with warehouses.opened() as alone:
        _tell(alone, 6, ("h00001", "h00002", "h00003", "h00004", "h00005"))
        build_warehouse(alone, as_of=AS_OF, run_id="first")
        own = _marts(alone, "h00000")
    with warehouses.opened() as together:
        _tell(together, 6)
        build_warehouse(together, as_of=AS_OF, run_id="first")
        theirs = _marts(together, "h00000")
        others = _marts(together, "h00001")
        again = build_warehouse(together, as_of=AS_OF, run_id="again")
    assert list(theirs) == list(own)
    assert {name for name, rows in theirs.items() if rows != own[name]} == set()
    assert sum(map(len, own.values())) > 80
    assert len(others["fct_rtv_lines"]) > 0
    assert again.stages[-1].changed_rows == 0
