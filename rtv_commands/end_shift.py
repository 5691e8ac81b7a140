"""Ends an operator's shift: what is assigned to him, and was not handed over, waits again."""

from __future__ import annotations

from datetime import datetime

from rtv_core.identity import Actor, Role
from rtv_core.model.assignment import Assignment
from rtv_core.warehouse.assignment_store import end_assignments_of
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect


def end_shift(dsn: str, *, actor: Actor, now: datetime) -> list[Assignment]:
    """End everything assigned to the actor, and say what it was; again, it is nothing."""
    actor.require(Role.OPERATOR)
    with connect(dsn, application_name="rtv-assign") as connection:
        left = end_assignments_of(connection, actor.tenant_code, actor.name, by=actor.name, now=now)
        if left:
            write_audit(
                connection,
                tenant_code=actor.tenant_code,
                actor=actor,
                verb="end_shift",
                object_kind="operator",
                object_id=actor.name,
                detail={"left": sorted(f"{one.node_code}/{one.awb_no}" for one in left)},
                now=now,
            )
    return left
