"""Reads of the Discrepancies page: the queue, a page at a time, filtered and sorted in SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import row_of, rows_of

# Open: somebody still has to do something before the other side hears of it.
STANDINGS: dict[str, list[str]] = {
    "open": ["(claim.claim_status is null or claim.claim_status in ('draft', 'ready', 'approved'))"],
    "unclaimed": ["claim.claim_no is null"],
    "filed": ["claim.claim_status not in ('draft', 'ready', 'approved')"],
    "all": [],
}
SORTS: dict[str, str] = {
    "deadline": "due_at asc nulls last, value_minor desc nulls last",
    "value": "value_minor desc nulls last, due_at asc nulls last",
    "newest": "first_seen_at desc nulls last",
    "age": "first_seen_at asc nulls last",
}

# What every discrepancy query starts from: the fact, its words, its nearest clock, its claim and its film.
QUEUE = """
select
    d.discrepancy_key, d.rule_code, d.platform_code, d.rtv_no, d.transporter_code, d.awb_no,
    d.sku_code, d.batch_no,
    s.title as sku_title, d.expected_qty, d.observed_qty, d.discrepancy_qty, d.value_minor, d.currency_code,
    d.liable_role, d.liable_party_code, d.liability_reason, d.confidence, d.runner_up_role,
    d.is_final, d.is_overlay, d.first_seen_at, d.window_start_at, d.window_end_at, d.also_met,
    d.node_code, d.bay_code, d.camera_code,
    clock.due_at, claim.claim_no, claim.claim_status, film.clip_id, film.clip_status
from marts.fct_discrepancies as d
left join marts.dim_skus as s on s.tenant_code = d.tenant_code and s.sku_code = d.sku_code
left join lateral (
    select min(f.due_at) as due_at
    from marts.fct_deadlines as f
    where f.tenant_code = d.tenant_code and f.discrepancy_key = d.discrepancy_key
        and f.clock_code in ('claim', 'transporter_notice')
) as clock on true
left join lateral (
    select c.claim_no, c.claim_status
    from ops.claim_lines as l
    inner join ops.claims as c on c.claim_id = l.claim_id
    where c.tenant_code = d.tenant_code and l.discrepancy_key = d.discrepancy_key
        and c.claim_status <> 'dropped'
    order by c.claim_id desc limit 1
) as claim on true
left join lateral (
    select k.clip_id, k.clip_status
    from ops.clips as k
    where k.tenant_code = d.tenant_code and k.discrepancy_key = d.discrepancy_key
    order by (k.clip_status = 'cut') desc, k.clip_id limit 1
) as film on true
where d.tenant_code = %(tenant_code)s
"""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One discrepancy as the queue shows it."""

    discrepancy_key: str
    rule_code: str
    platform_code: str | None
    rtv_no: str | None
    transporter_code: str | None
    awb_no: str | None
    sku_code: str | None
    batch_no: str | None
    sku_title: str | None
    expected_qty: int | None
    observed_qty: int | None
    discrepancy_qty: int | None
    value_minor: int | None
    currency_code: str | None
    liable_role: str | None
    liable_party_code: str | None
    liability_reason: str | None
    confidence: str | None
    runner_up_role: str | None
    is_final: bool
    is_overlay: bool
    first_seen_at: datetime | None
    window_start_at: datetime | None
    window_end_at: datetime | None
    also_met: str | None
    node_code: str | None
    bay_code: str | None
    camera_code: str | None
    due_at: datetime | None
    claim_no: str | None
    claim_status: str | None
    clip_id: int | None
    clip_status: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the queue; an empty list narrows nothing."""

    standing: str = "open"
    rule_codes: list[str] = field(default_factory=list)
    platform_codes: list[str] = field(default_factory=list)
    liable_party_codes: list[str] = field(default_factory=list)
    confidences: list[str] = field(default_factory=list)
    rtv_no: str | None = None
    is_final: bool | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class QueueTotals:
    """Count and value of everything the filters let through; overlays carry no value of their own."""

    discrepancies: int
    value_minor: int
    units: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What each filter can be set to."""

    rule_codes: list[str]
    platform_codes: list[str]
    liable_party_codes: list[str]


def _narrowed(filters: Filters) -> tuple[str, dict[str, Any]]:
    lists = {
        "rule_code": filters.rule_codes,
        "platform_code": filters.platform_codes,
        "liable_party_code": filters.liable_party_codes,
        "confidence": filters.confidences,
    }
    clauses: list[str] = []
    values: dict[str, Any] = {}
    for column, wanted in lists.items():
        if wanted:
            clauses.append(f"d.{column} = any(%({column})s)")
            values[column] = wanted
    if filters.rtv_no:
        clauses.append("d.rtv_no = %(rtv_no)s")
    if filters.is_final is not None:
        clauses.append("d.is_final = %(is_final)s")
    if filters.due_from is not None:
        clauses.append("clock.due_at >= %(due_from)s")
    if filters.due_before is not None:
        clauses.append("clock.due_at < %(due_before)s")
    if filters.text:
        clauses.append(
            "concat_ws(' ', d.rtv_no, d.awb_no, d.sku_code, d.batch_no, s.title, d.liability_reason)"
            " ilike %(text)s"
        )
    clauses += STANDINGS[filters.standing]
    escaped = (filters.text or "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values |= {
        "rtv_no": filters.rtv_no,
        "is_final": filters.is_final,
        "due_from": filters.due_from,
        "due_before": filters.due_before,
        "text": f"%{escaped}%",
    }
    return "".join(f"\n    and {clause}" for clause in clauses), values


def queue_page(
    connection: Connection, tenant_code: str, filters: Filters, *, sort: str, limit: int, offset: int
) -> list[Discrepancy]:
    """One page of the queue."""
    where, values = _narrowed(filters)
    query = f"{QUEUE}{where}\norder by {SORTS[sort]}, discrepancy_key limit %(limit)s offset %(offset)s"
    values |= {"tenant_code": tenant_code, "limit": limit, "offset": offset}
    return rows_of(connection, Discrepancy, query, values)


def queue_totals(connection: Connection, tenant_code: str, filters: Filters) -> QueueTotals:
    """Count, units and value of the whole filtered queue."""
    where, values = _narrowed(filters)
    query = f"""
        select count(*) as discrepancies, coalesce(sum(discrepancy_qty), 0)::bigint as units,
            coalesce(sum(value_minor) filter (where not is_overlay), 0)::bigint as value_minor
        from ({QUEUE}{where}) as queue"""
    found = row_of(connection, QueueTotals, query, values | {"tenant_code": tenant_code})
    return found or QueueTotals(0, 0, 0)


def discrepancies_of_rtv(
    connection: Connection, tenant_code: str, platform_code: str, rtv_no: str
) -> list[Discrepancy]:
    """Everything that does not agree on one return, its consignments' own rows included."""
    query = f"""{QUEUE}
        and (
            (d.platform_code = %(platform_code)s and d.rtv_no = %(rtv_no)s)
            or (d.rtv_no is null and d.awb_no in (
                select m.awb_no from staging.stg_rtv__rtv_manifests as m
                where m.tenant_code = %(tenant_code)s and m.platform_code = %(platform_code)s
                    and m.rtv_no = %(rtv_no)s and m.awb_no is not null
            ))
        )
        order by value_minor desc nulls last, rule_code, sku_code"""
    values = {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
    return rows_of(connection, Discrepancy, query, values)


def choices(connection: Connection, tenant_code: str) -> Choices:
    """What stands in the queue's columns now."""
    query = """
        select
            coalesce(array_agg(distinct rule_code order by rule_code), '{}') as rule_codes,
            coalesce(array_agg(distinct platform_code order by platform_code)
                filter (where platform_code is not null), '{}') as platform_codes,
            coalesce(array_agg(distinct liable_party_code order by liable_party_code)
                filter (where liable_party_code is not null), '{}') as liable_party_codes
        from marts.fct_discrepancies
        where tenant_code = %(tenant_code)s"""
    return row_of(connection, Choices, query, {"tenant_code": tenant_code}) or Choices([], [], [])
