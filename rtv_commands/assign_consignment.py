"""Assigns a waiting consignment to an operator or a bay, hands it over, or takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.identity import LEADS, Actor, Role
from rtv_core.model.assignment import Assignee, Assignment, Consignment, Move, decide_move
from rtv_core.warehouse import assignment_store as store
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, connect

_VERBS = {
    Move.ASSIGN: "assign_consignment",
    Move.MOVE: "assign_consignment",
    Move.HAND_OVER: "hand_over_consignment",
    Move.TAKE_BACK: "take_back_consignment",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to have a consignment, and the assignment that stood when it was wished (None: none did)."""

    consignment: Consignment
    assignee: Assignee
    seen_assignment_id: int | None


def assign_consignment(
    dsn: str, wish: Wish, *, shift: timedelta, actor: Actor, now: datetime
) -> Assignment | None:
    """Who has the consignment after this, None for nobody. The same wish again changes nothing.

    It stands until the shift of its operator ends, which is `shift` after he signed in; for a bay, and for
    who has not signed in, `shift` from now. An assignee who is nobody takes it back. Raises what
    `decide_move` raises, `NotFound` (`NOT_AT_GATE`) and `InvalidInput` (`OPERATOR_NOT_AT_NODE`).
    """
    actor.require(Role.OPERATOR, *LEADS)
    tenant, wanted = actor.tenant_code, wish.assignee
    with connect(dsn, application_name="rtv-assign") as connection:
        store.lock_consignment(connection, tenant, wish.consignment)
        standing = store.standing_assignment(connection, tenant, wish.consignment, now=now)
        move = decide_move(
            standing,
            wanted,
            seen_assignment_id=wish.seen_assignment_id,
            mover=actor.name,
            is_lead=actor.may(*LEADS),
        )
        if move is Move.KEEP:
            return standing
        _require_at_gate(connection, tenant, wish.consignment)
        lapses_at = _end_of_shift(connection, tenant, wish, shift=shift, now=now)
        store.end_assignment(connection, tenant, wish.consignment, how=move.value, by=actor.name, now=now)
        made = None
        if move is not Move.TAKE_BACK:
            made = store.add_assignment(
                connection,
                tenant,
                wish.consignment,
                wanted,
                handed_over_from=standing.operator_code if standing and move is Move.HAND_OVER else None,
                by=actor.name,
                now=now,
                lapses_at=lapses_at,
            )
        write_audit(
            connection,
            tenant_code=tenant,
            actor=actor,
            verb=_VERBS[move],
            object_kind="consignment",
            object_id=f"{wish.consignment.node_code}/{wish.consignment.awb_no}",
            detail={
                "operator_code": wanted.operator_code,
                "bay_code": wanted.bay_code,
                "was_with": standing.holder if standing else None,
            },
            now=now,
        )
    return made


def _require_at_gate(connection: Connection, tenant: str, consignment: Consignment) -> None:
    if not store.came_to_gate(connection, tenant, consignment):
        raise NotFound(
            f"{consignment.awb_no} did not come to the gate of {consignment.node_code}",
            remedy="Receive it at the gate first, or correct the AWB or the node.",
            code="NOT_AT_GATE",
        )


def _end_of_shift(
    connection: Connection, tenant: str, wish: Wish, *, shift: timedelta, now: datetime
) -> datetime:
    """When the assignee's shift ends; refuses an operator who does not work at the node."""
    code, node_code = wish.assignee.operator_code, wish.consignment.node_code
    if code is None:
        return now + shift
    row = bay_store.operator(connection, tenant, code)
    if row is None or not row["is_active"] or row["node_code"] != node_code:
        raise InvalidInput(
            f"No operator {code} works at {node_code}",
            remedy="Choose one of the node; `rtv operator list` names them.",
            code="OPERATOR_NOT_AT_NODE",
        )
    began: datetime | None = row["last_signed_in_at"]
    return began + shift if began is not None and began + shift > now else now + shift
