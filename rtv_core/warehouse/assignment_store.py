"""Who is to open which consignment: the standing assignments and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rtv_core.model.assignment import Assignee, Assignment, Consignment
from rtv_core.warehouse.connection import Connection, fetch_all
from rtv_core.warehouse.marts.reading import row_of, rows_of

_COLUMNS = (
    "assignment_id, node_code, awb_no, bay_code, operator_code, handed_over_from, assigned_by, assigned_at, "
    "lapses_at"
)
_OF_S = ", ".join(f"s.{name}" for name in _COLUMNS.split(", "))
_NORMAL = "regexp_replace(upper(%(awb_no)s), '[^A-Z0-9]', '', 'g')"


@dataclass(frozen=True, slots=True)
class Held:
    """A standing assignment, who opened a carton of it last, and how many were opened since it stands."""

    assignment_id: int
    node_code: str
    awb_no: str
    bay_code: str | None
    operator_code: str | None
    handed_over_from: str | None
    assigned_by: str
    assigned_at: datetime
    lapses_at: datetime
    captures: int
    worked_on_by: str | None
    worked_on_at: datetime | None


def lock_consignment(connection: Connection, tenant_code: str, consignment: Consignment) -> None:
    """Let one transaction at a time move a consignment; held until it ends."""
    connection.execute(
        f"select pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), %(tenant_code)s::text, "
        f"%(node_code)s::text, {_NORMAL}), 7271))",
        _asked(tenant_code, consignment),
    )


def standing_assignment(
    connection: Connection, tenant_code: str, consignment: Consignment, *, now: datetime
) -> Assignment | None:
    """Who has it now; None when nobody does, or when his shift is over."""
    query = f"""
        select {_COLUMNS} from ops.bay_assignments
        where tenant_code = %(tenant_code)s and awb_normal = {_NORMAL} and node_code = %(node_code)s
            and ended_at is null and lapses_at > %(now)s"""
    return row_of(connection, Assignment, query, {**_asked(tenant_code, consignment), "now": now})


def assignments_of_awb(
    connection: Connection, tenant_code: str, awb_no: str, *, node_code: str | None, now: datetime
) -> list[Assignment]:
    """Who has an AWB now, at one node or at each."""
    query = f"""
        select {_COLUMNS} from ops.bay_assignments
        where tenant_code = %(tenant_code)s and awb_normal = {_NORMAL}
            and (%(node_code)s::text is null or node_code = %(node_code)s)
            and ended_at is null and lapses_at > %(now)s
        order by node_code"""
    asked = {"tenant_code": tenant_code, "awb_no": awb_no, "node_code": node_code, "now": now}
    return rows_of(connection, Assignment, query, asked)


def held_consignments(
    connection: Connection, tenant_code: str, *, node_code: str | None, now: datetime, limit: int
) -> list[Held]:
    """What stands now at one node or at each, the longest held first."""
    query = f"""
        select {_OF_S}, worked.captures, worked.operator_code as worked_on_by,
            worked.accepted_at as worked_on_at
        from ops.bay_assignments as s
        left join lateral (
            select count(*) filter (where a.accepted_at >= s.assigned_at)::integer as captures,
                max(a.accepted_at) as accepted_at,
                (array_agg(a.operator_code order by a.accepted_at desc))[1] as operator_code
            from ops.bay_activity as a
            where a.tenant_code = s.tenant_code and a.node_code = s.node_code and a.activity_kind = 'capture'
                and regexp_replace(upper(a.awb_no), '[^A-Z0-9]', '', 'g') = s.awb_normal
        ) as worked on true
        where s.tenant_code = %(tenant_code)s and s.ended_at is null and s.lapses_at > %(now)s
            and (%(node_code)s::text is null or s.node_code = %(node_code)s)
        order by s.assigned_at, s.assignment_id limit %(limit)s"""
    asked = {"tenant_code": tenant_code, "node_code": node_code, "now": now, "limit": limit}
    return rows_of(connection, Held, query, asked)


def came_to_gate(connection: Connection, tenant_code: str, consignment: Consignment) -> bool:
    """Whether the node's gate received it, loaded or only just accepted."""
    query = f"""
        select exists (
            select from ops.bay_activity as a
            where a.tenant_code = %(tenant_code)s and a.node_code = %(node_code)s
                and a.activity_kind = 'gate_receipt'
                and regexp_replace(upper(a.awb_no), '[^A-Z0-9]', '', 'g') = {_NORMAL}
        ) or exists (
            select from raw.gate_receipts as r
            where r.tenant_code = %(tenant_code)s and r.node_code = %(node_code)s
                and r._superseded_at is null
                and regexp_replace(upper(r.awb_no), '[^A-Z0-9]', '', 'g') = {_NORMAL}
        ) as came"""
    return bool(fetch_all(connection, query, _asked(tenant_code, consignment))[0]["came"])


def end_assignment(
    connection: Connection, tenant_code: str, consignment: Consignment, *, how: str, by: str, now: datetime
) -> None:
    """End what stands of a consignment; what was left by a shift that is over ends as that."""
    connection.execute(
        f"""
        update ops.bay_assignments set
            ended_at = least(lapses_at, %(now)s), ended_by = %(by)s,
            ended_how = case when lapses_at > %(now)s then %(how)s else 'shift_ended' end
        where tenant_code = %(tenant_code)s and awb_normal = {_NORMAL} and node_code = %(node_code)s
            and ended_at is null""",
        {**_asked(tenant_code, consignment), "how": how, "by": by, "now": now},
    )


def end_assignments_of(
    connection: Connection, tenant_code: str, operator_code: str, *, by: str, now: datetime
) -> list[Assignment]:
    """End everything an operator has, as his shift ends; returns what it was."""
    query = f"""
        update ops.bay_assignments set
            ended_at = least(lapses_at, %(now)s), ended_by = %(by)s, ended_how = 'shift_ended'
        where tenant_code = %(tenant_code)s and operator_code = %(operator_code)s and ended_at is null
        returning {_COLUMNS}"""
    asked = {"tenant_code": tenant_code, "operator_code": operator_code, "by": by, "now": now}
    return rows_of(connection, Assignment, query, asked)


def add_assignment(
    connection: Connection,
    tenant_code: str,
    consignment: Consignment,
    assignee: Assignee,
    *,
    handed_over_from: str | None,
    by: str,
    now: datetime,
    lapses_at: datetime,
) -> Assignment:
    """Begin an assignment; nothing else may stand of this consignment."""
    query = f"""
        insert into ops.bay_assignments (
            tenant_code, node_code, awb_no, bay_code, operator_code, handed_over_from, assigned_by,
            assigned_at, lapses_at
        ) values (
            %(tenant_code)s, %(node_code)s, %(awb_no)s, %(bay_code)s, %(operator_code)s,
            %(handed_over_from)s, %(by)s, %(now)s, %(lapses_at)s
        ) returning {_COLUMNS}"""
    asked = {
        **_asked(tenant_code, consignment), "bay_code": assignee.bay_code,
        "operator_code": assignee.operator_code, "handed_over_from": handed_over_from, "by": by, "now": now,
        "lapses_at": lapses_at,
    }  # fmt: skip
    return rows_of(connection, Assignment, query, asked)[0]


def _asked(tenant_code: str, consignment: Consignment) -> dict[str, str]:
    return {
        "tenant_code": tenant_code, "node_code": consignment.node_code, "awb_no": consignment.awb_no,
    }  # fmt: skip
