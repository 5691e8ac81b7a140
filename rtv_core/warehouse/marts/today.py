"""Reads of the Today page: what to do now, by deadline and rupees at risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import row_of, rows_of


@dataclass(frozen=True, slots=True)
class Build:
    """The published build: until when it knows, and when it was published."""

    build_id: int
    as_of: datetime
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for somebody, beside the queue of discrepancies."""

    claims_ready: int
    claims_ready_minor: int
    quarantined_rows: int
    pending_units: int
    pending_rtvs: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock that runs."""

    clock_code: str
    party_code: str | None
    platform_code: str | None
    rtv_no: str | None
    awb_no: str | None
    rule_code: str | None
    sku_code: str | None
    invoice_no: str | None
    due_at: datetime
    state: str | None
    value_at_risk_minor: int | None
    clocks: int


@dataclass(frozen=True, slots=True)
class Cause:
    """One rule with what it costs."""

    rule_code: str
    discrepancies: int
    units: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Open discrepancies of one age and role."""

    age_band: str
    liable_role: str
    discrepancies: int
    value_minor: int


def latest_build(connection: Connection) -> Build | None:
    """The build that readers see; None before the first."""
    query = """
        select build_id, as_of, published_at from ops.builds
        where published_at is not null order by published_at desc, build_id desc limit 1"""
    return row_of(connection, Build, query)


def is_synthetic(connection: Connection, tenant_code: str) -> bool:
    """Whether the returns shown were made by the simulator."""
    query = """
        select exists (
            select 1 from raw.rtv_manifests
            where tenant_code = %(tenant_code)s and (extra ->> 'is_synthetic')::boolean
        ) as found"""
    return bool(connection.execute(query, {"tenant_code": tenant_code}).fetchone()["found"])  # type: ignore[index]


def work(connection: Connection, tenant_code: str) -> Work:
    """The counts and values that wait, each answered by a filter of another page."""
    query = """
        with claim_work as (
            select count(*) as claims_ready, coalesce(sum(claimed_minor), 0)::bigint as claims_ready_minor
            from ops.claims where tenant_code = %(tenant_code)s and claim_status = 'ready'
        ),
        quarantine_work as (
            select count(*) as quarantined_rows
            from ops.quarantined_rows where tenant_code = %(tenant_code)s and mended_at is null
        ),
        return_work as (
            select coalesce(sum(pending_qty), 0)::bigint as pending_units,
                count(*) filter (where pending_qty > 0) as pending_rtvs
            from marts.fct_rtvs where tenant_code = %(tenant_code)s
        )
        select * from claim_work, quarantine_work, return_work"""
    return row_of(connection, Work, query, {"tenant_code": tenant_code}) or Work(0, 0, 0, 0, 0)


def next_deadlines(
    connection: Connection, tenant_code: str, *, as_of: datetime, limit: int
) -> list[Deadline]:
    """The clocks that run out next, one row a return, clock and rule, the dearest first within a day."""
    query = """
        select clock_code, min(party_code) as party_code, platform_code, rtv_no, awb_no, rule_code,
            case when count(*) = 1 then min(sku_code) end as sku_code, min(invoice_no) as invoice_no,
            due_at, min(state) as state, sum(value_at_risk_minor)::bigint as value_at_risk_minor,
            count(*) as clocks
        from marts.fct_deadlines
        where tenant_code = %(tenant_code)s and due_at >= %(as_of)s and state in ('open', 'early')
            and value_at_risk_minor > 0
        group by clock_code, platform_code, rtv_no, awb_no, rule_code, due_at
        order by due_at::date, value_at_risk_minor desc nulls last, rtv_no, rule_code
        limit %(limit)s"""
    return rows_of(connection, Deadline, query, {"tenant_code": tenant_code, "as_of": as_of, "limit": limit})


def causes(connection: Connection, tenant_code: str) -> list[Cause]:
    """Every rule that fired, dearest first; overlays are counted without value."""
    query = """
        select rule_code, count(*) as discrepancies, coalesce(sum(discrepancy_qty), 0)::bigint as units,
            coalesce(sum(value_minor) filter (where not is_overlay), 0)::bigint as value_minor
        from marts.fct_discrepancies where tenant_code = %(tenant_code)s
        group by rule_code order by value_minor desc, discrepancies desc, rule_code"""
    return rows_of(connection, Cause, query, {"tenant_code": tenant_code})


def ageing(connection: Connection, tenant_code: str, *, as_of: datetime) -> list[AgeBand]:
    """What is open by age since it was first seen, and by who is liable."""
    query = """
        with aged as (
            select coalesce(liable_role, 'nobody') as liable_role, coalesce(value_minor, 0) as value_minor,
                extract(epoch from %(as_of)s - first_seen_at) / 86400 as age_days
            from marts.fct_discrepancies where tenant_code = %(tenant_code)s and not is_overlay
        )
        select
            case when age_days < 7 then '0–7 days' when age_days < 15 then '8–15 days'
                when age_days < 30 then '16–30 days' when age_days < 60 then '31–60 days'
                else 'over 60 days' end as age_band,
            liable_role, count(*) as discrepancies, sum(value_minor)::bigint as value_minor
        from aged group by 1, 2"""
    return rows_of(connection, AgeBand, query, {"tenant_code": tenant_code, "as_of": as_of})
