"""What goes on in the bays now: noted as it is accepted, read by leads before any load or build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import rows_of


@dataclass(frozen=True, slots=True)
class Activity:
    """One accepted capture, gate receipt or pickup."""

    activity_kind: str
    node_code: str
    bay_code: str
    operator_code: str
    awb_no: str
    units: int
    cartons: int
    work_seconds: int
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """What one operator did in one bay since then."""

    node_code: str
    bay_code: str
    operator_code: str
    captures: int
    units: int
    work_seconds: int
    last_at: datetime
    last_awb_no: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A consignment at the gate that is not done, who has it, and who opened a carton of it last."""

    awb_no: str
    node_code: str | None
    bay_code: str | None
    platform_code: str | None
    rtv_no: str | None
    handover_at: datetime
    declared_qty: int
    scanned_qty: int
    gate_cartons: int | None
    captured_cartons: int | None
    due_at: datetime | None
    declared_value_minor: int | None
    worked_on_by: str | None
    worked_on_at: datetime | None
    assignment_id: int | None
    assigned_operator: str | None
    assigned_bay: str | None
    handed_over_from: str | None


def handover_of(
    activity_kind: str, record: Mapping[str, Any], *, cartons: int, accepted_at: datetime
) -> Activity:
    """The activity of cartons that changed hands (`gate_receipt` or `pickup`): nothing was opened yet.

    `record` names `node_code`, `bay_code`, `operator_code` and `awb_no`; `KeyError` when one is not there.
    """
    return Activity(
        activity_kind,
        str(record["node_code"]),
        str(record["bay_code"]),
        str(record["operator_code"]),
        str(record["awb_no"]),
        units=0,
        cartons=cartons,
        work_seconds=0,
        accepted_at=accepted_at,
    )


def note_activity(connection: Connection, tenant_code: str, activity: Activity) -> None:
    """Keep one activity, in the transaction that accepts it."""
    connection.execute(
        """insert into ops.bay_activity (
               tenant_code, activity_kind, node_code, bay_code, operator_code, awb_no, units, cartons,
               work_seconds, accepted_at
           ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            tenant_code, activity.activity_kind, activity.node_code, activity.bay_code,
            activity.operator_code, activity.awb_no, activity.units, activity.cartons,
            activity.work_seconds, activity.accepted_at,
        ),
    )  # fmt: skip


def latest_activity(
    connection: Connection, tenant_code: str, *, since: datetime, limit: int
) -> list[Activity]:
    """What was accepted last, the newest first."""
    query = """
        select activity_kind, node_code, bay_code, operator_code, awb_no, units, cartons, work_seconds,
            accepted_at
        from ops.bay_activity where tenant_code = %(tenant_code)s and accepted_at >= %(since)s
        order by accepted_at desc, activity_id desc limit %(limit)s"""
    return rows_of(connection, Activity, query, {"tenant_code": tenant_code, "since": since, "limit": limit})


def pace(connection: Connection, tenant_code: str, *, since: datetime) -> list[Pace]:
    """Captures by operator and bay since then, the most units first."""
    query = """
        select node_code, bay_code, operator_code, count(*) as captures, sum(units)::bigint as units,
            sum(work_seconds)::bigint as work_seconds, max(accepted_at) as last_at,
            (array_agg(awb_no order by accepted_at desc, activity_id desc))[1] as last_awb_no
        from ops.bay_activity
        where tenant_code = %(tenant_code)s and accepted_at >= %(since)s and activity_kind = 'capture'
        group by node_code, bay_code, operator_code order by units desc, node_code, bay_code, operator_code"""
    return rows_of(connection, Pace, query, {"tenant_code": tenant_code, "since": since})


def captures_by_minute(
    connection: Connection, tenant_code: str, *, since: datetime
) -> list[tuple[datetime, int, int]]:
    """Minute, captures and units since then, minutes without any left out."""
    rows = connection.execute(
        """select date_trunc('minute', accepted_at) as minute, count(*) as captures, sum(units) as units
           from ops.bay_activity
           where tenant_code = %s and accepted_at >= %s and activity_kind = 'capture'
           group by 1 order by 1""",
        (tenant_code, since),
    ).fetchall()
    return [(row["minute"], int(row["captures"]), int(row["units"])) for row in rows]


def waiting_consignments(
    connection: Connection, tenant_code: str, *, now: datetime, limit: int
) -> list[Waiting]:
    """Consignments at the gate whose QC is not complete: the next deadline first, then the dearest.

    As of the published build, but for who has one and who worked on it, which is as of `now`.
    """
    query = """
        select c.awb_no, c.node_code, c.bay_code, c.platform_code, c.rtv_no, c.handover_at, c.declared_qty,
            c.scanned_qty, c.gate_cartons, c.captured_cartons, due.due_at, worth.declared_value_minor,
            worked.operator_code as worked_on_by, worked.accepted_at as worked_on_at,
            held.assignment_id, held.operator_code as assigned_operator, held.bay_code as assigned_bay,
            held.handed_over_from
        from marts.fct_consignments as c
        left join lateral (
            select min(d.due_at) as due_at from marts.fct_deadlines as d
            where d.tenant_code = c.tenant_code and d.state in ('open', 'early') and d.clock_code = 'claim'
                and (d.awb_no = c.awb_no or (d.platform_code = c.platform_code and d.rtv_no = c.rtv_no))
        ) as due on true
        left join lateral (
            select sum(r.declared_value_minor)::bigint as declared_value_minor from marts.fct_rtvs as r
            where r.tenant_code = c.tenant_code and r.platform_code = c.platform_code and r.rtv_no = c.rtv_no
        ) as worth on true
        left join lateral (
            select a.operator_code, a.accepted_at from ops.bay_activity as a
            where a.tenant_code = c.tenant_code and a.activity_kind = 'capture'
                and regexp_replace(upper(a.awb_no), '[^A-Z0-9]', '', 'g')
                    = regexp_replace(upper(c.awb_no), '[^A-Z0-9]', '', 'g')
            order by a.accepted_at desc limit 1
        ) as worked on true
        left join ops.bay_assignments as held
            on held.tenant_code = c.tenant_code and held.node_code = c.node_code
            and held.awb_normal = regexp_replace(upper(c.awb_no), '[^A-Z0-9]', '', 'g')
            and held.ended_at is null and held.lapses_at > %(now)s
        where c.tenant_code = %(tenant_code)s and c.awb_no is not null and c.handover_at is not null
            and not c.is_qc_complete
        order by due.due_at nulls last, worth.declared_value_minor desc nulls last, c.handover_at, c.awb_no
        limit %(limit)s"""
    return rows_of(connection, Waiting, query, {"tenant_code": tenant_code, "now": now, "limit": limit})
