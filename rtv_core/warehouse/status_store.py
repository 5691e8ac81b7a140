"""What the outside was told of each consignment: writes the changes of a build, reads them by cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection, fetch_all
from rtv_core.warehouse.marts.reading import rows_of

_TELL_LOCK = 727013
_NUMBERS_AND_TIMES = (
    "transporter_code", "awb_no", "platform_code", "rtv_no", "origin_node", "destination_node", "node_code",
    "bay_code", "stage", "is_qc_complete", "declared_qty", "scanned_qty", "declared_cartons",
    "picked_up_cartons", "delivered_cartons", "gate_cartons", "captured_cartons", "gate_seal_state",
    "pod_remark", "picked_up_at", "delivered_at", "handover_at", "qc_started_at", "qc_completed_at",
)  # fmt: skip
_FIELDS = ", ".join(f"'{name}', c.{name}" for name in _NUMBERS_AND_TIMES)
# What stands in the published build against what was told last; what stands no longer was withdrawn.
_TELL = f"""
with graded as (
    select tenant_code, transporter_code, awb_no, grade, sum(qty) as qty
    from marts.fct_captured_items
    where awb_no is not null and grade is not null
    group by tenant_code, transporter_code, awb_no, grade
),
grades as (
    select tenant_code, transporter_code, awb_no, jsonb_object_agg(grade, qty) as units_by_grade
    from graded
    group by tenant_code, transporter_code, awb_no
),
standing as (
    select
        c.tenant_code, c.consignment_key, c.awb_no, c.node_code, c.destination_node,
        jsonb_build_object(
            {_FIELDS}, 'units_by_grade', coalesce(g.units_by_grade, '{{}}'::jsonb)
        ) as consignment_status
    from marts.fct_consignments as c
    left join grades as g
        on g.tenant_code = c.tenant_code and g.awb_no = c.awb_no
        and g.transporter_code is not distinct from c.transporter_code
),
told as (
    select distinct on (tenant_code, consignment_key)
        tenant_code, consignment_key, awb_no, node_code, destination_node, consignment_status
    from ops.status_changes
    order by tenant_code, consignment_key, status_change_id desc
),
changed as (
    select s.* from standing as s
    left join told as t on t.tenant_code = s.tenant_code and t.consignment_key = s.consignment_key
    where t.consignment_status is distinct from s.consignment_status
    union all
    select t.tenant_code, t.consignment_key, t.awb_no, t.node_code, t.destination_node,
        t.consignment_status || '{{"stage": "withdrawn"}}'::jsonb
    from told as t
    left join standing as s on s.tenant_code = t.tenant_code and s.consignment_key = t.consignment_key
    where s.consignment_key is null and t.consignment_status ->> 'stage' <> 'withdrawn'
)
insert into ops.status_changes (
    tenant_code, consignment_key, awb_no, node_code, destination_node, consignment_status, changed_at
)
select c.*, %(now)s from changed as c order by c.tenant_code, c.consignment_key limit %(limit)s
returning status_change_id, tenant_code, consignment_key, consignment_status, changed_at
"""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One consignment as it was told at one time."""

    status_change_id: int
    tenant_code: str
    consignment_key: str
    consignment_status: dict[str, Any]
    changed_at: datetime


def note_status_changes(connection: Connection, *, now: datetime, limit: int) -> list[StatusChange]:
    """Note what changed since it was told last, up to `limit` consignments; none before any build.

    Writers queue: who pulls by number never sees a smaller one appear behind his cursor.
    """
    if fetch_all(connection, "select to_regclass('marts.fct_consignments') is null as missing")[0]["missing"]:
        return []
    connection.execute("select pg_advisory_xact_lock(%s)", (_TELL_LOCK,))
    return rows_of(connection, StatusChange, _TELL, {"now": now, "limit": limit})


def status_changes(
    connection: Connection,
    tenant_code: str,
    *,
    after: int,
    limit: int,
    node_code: str | None = None,
    party_code: str | None = None,
    awb_no: str | None = None,
) -> list[StatusChange]:
    """Changes numbered above `after`, oldest first; of one node (received or sent there), of one AWB.

    Of one party: those of its platform, those it carries, and those from, to or at a node that is its.
    """
    query = """
        select status_change_id, tenant_code, consignment_key, consignment_status, changed_at
        from ops.status_changes as told
        where tenant_code = %(tenant_code)s and status_change_id > %(after)s
            and (%(node_code)s::text is null or %(node_code)s in (node_code, destination_node))
            and (
                %(party_code)s::text is null
                or %(party_code)s in (
                    consignment_status ->> 'platform_code', consignment_status ->> 'transporter_code'
                )
                or exists (
                    select from raw.nodes as n
                    where n.tenant_code = %(tenant_code)s and n.party_code = %(party_code)s
                        and n._superseded_at is null
                        and n.node_code in (
                            told.node_code, told.destination_node, consignment_status ->> 'origin_node'
                        )
                )
            )
            and (%(awb_no)s::text is null or awb_no = %(awb_no)s)
        order by status_change_id limit %(limit)s"""
    asked = {
        "tenant_code": tenant_code, "after": after, "limit": limit, "node_code": node_code,
        "party_code": party_code, "awb_no": awb_no,
    }  # fmt: skip
    return rows_of(connection, StatusChange, query, asked)
