"""What a published build holds, in figures."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from rtv_core.warehouse.connection import Connection, fetch_all


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """Discrepancies of one rule, with their quantity and value."""

    rule_code: str
    title: str
    discrepancy_count: int
    discrepancy_qty: int
    value_minor: int | None
    currency_code: str


def rows_per_mart(connection: Connection) -> dict[str, int]:
    """How many rows each relation of schema marts shows."""
    names = fetch_all(
        connection,
        "select relation_name from ops.published_relations where schema_name = 'marts' "
        "order by relation_name",
    )
    found: dict[str, int] = {}
    for row in names:
        query = sql.SQL("select count(*) as row_count from {}").format(
            sql.Identifier("marts", row["relation_name"])
        )
        found[row["relation_name"]] = connection.execute(query).fetchall()[0]["row_count"]
    return found


def discrepancies_by_rule(connection: Connection) -> list[RuleTotal]:
    """Totals of the published discrepancies, in the order of the rules."""
    rows = fetch_all(
        connection,
        "select d.rule_code, r.title, count(*) as discrepancy_count, "
        "sum(d.discrepancy_qty)::bigint as discrepancy_qty, sum(d.value_minor)::bigint as value_minor, "
        "d.currency_code from marts.fct_discrepancies as d "
        "inner join marts.dim_discrepancy_rules as r "
        "on r.tenant_code = d.tenant_code and r.rule_code = d.rule_code "
        "group by d.rule_code, r.title, r.rule_order, d.currency_code order by r.rule_order, d.currency_code",
    )
    return [RuleTotal(**row) for row in rows]
