"""All that is known of one discrepancy, from the mart back to the rows of the files behind it."""

from __future__ import annotations

from dataclasses import dataclass

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.discrepancies import QUEUE, Discrepancy
from rtv_core.warehouse.marts.reading import rows_of
from rtv_core.warehouse.marts.rtvs import Line, SourceRow, declared_rows, lines_of, observed_rows
from rtv_core.warehouse.marts.today import Build, latest_build


@dataclass(frozen=True, slots=True)
class Story:
    """One discrepancy, the lines it is of, the rows of both sides, and the build that says so."""

    discrepancy: Discrepancy
    lines: list[Line]
    declared: list[SourceRow]
    observed: list[SourceRow]
    build: Build | None

    @property
    def model(self) -> str:
        """The dbt model that finds it."""
        return f"int_discrepancies__{self.discrepancy.rule_code}"

    @property
    def page(self) -> str:
        """The page of its rule, in the project."""
        return f"docs/rules/{self.discrepancy.rule_code}.md"


def discrepancies_named(connection: Connection, tenant_code: str, name: str) -> list[Discrepancy]:
    """Those whose key begins with `name`, or whose RTV or AWB it is; the highest value first."""
    query = f"""{QUEUE}
        and (
            starts_with(d.discrepancy_key, %(name)s) and length(%(name)s) >= 6
            or d.rtv_no = %(name)s or d.awb_no = %(name)s
        )
        order by value_minor desc nulls last, rule_code, sku_code, discrepancy_key"""
    return rows_of(connection, Discrepancy, query, {"tenant_code": tenant_code, "name": name})


def tell(connection: Connection, tenant_code: str, row: Discrepancy) -> Story:
    """The story of one discrepancy of the published build."""
    lines = lines_of(connection, tenant_code, row.platform_code or "", row.rtv_no or "")
    return Story(
        discrepancy=row,
        lines=[
            line for line in lines if row.sku_code == line.sku_code and row.batch_no in {None, line.batch_no}
        ],
        declared=declared_rows(connection, tenant_code, row.discrepancy_key),
        observed=observed_rows(connection, tenant_code, row.discrepancy_key),
        build=latest_build(connection),
    )
