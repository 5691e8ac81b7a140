"""A person closes a month: what comes later stands in the first open one, its allocations stay (58, 64)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rtv_core.errors import ConflictError, InvalidInput
from rtv_core.identity import Actor, Role
from rtv_core.warehouse import settlement_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect


def close_period(dsn: str, month: date, *, actor: Actor, now: datetime) -> int:
    """Close a month that is over; returns how many published allocations it fixed.

    Months are closed in order. Raises `InvalidInput` for a month that is not over, `ConflictError` for one
    that is closed or comes before a closed one or leaves one out.
    """
    actor.require(Role.FINANCE)
    period_on = month.replace(day=1)
    if _month_after(period_on) > now.date():
        raise InvalidInput(
            f"{period_on:%B %Y} is not over", remedy="Close it when it is.", code="PERIOD_NOT_OVER"
        )
    with connect(dsn, application_name="rtv-settle") as connection:
        closed = [row["period_on"] for row in settlement_store.closed_periods(connection, actor.tenant_code)]
        if closed and period_on != _month_after(closed[-1]):
            raise ConflictError(
                f"The last closed month is {closed[-1]:%B %Y}",
                remedy=f"Close {_month_after(closed[-1]):%B %Y} next.",
                code="PERIOD_OUT_OF_ORDER",
            )
        fixed = settlement_store.insert_closed_period(
            connection, actor.tenant_code, period_on, by=actor.name, now=now
        )
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="period_closed",
            object_kind="period",
            object_id=period_on.isoformat(),
            detail={"fixed_allocations": fixed},
            now=now,
        )
    return fixed


def _month_after(period_on: date) -> date:
    return (period_on + timedelta(days=32)).replace(day=1)
