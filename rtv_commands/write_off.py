"""A person writes off a part of what is disputed on a debit line; another one approves (ruling 59)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rtv_core.errors import ConflictError, InvalidInput, NotFound
from rtv_core.identity import Actor, Role
from rtv_core.model.money import format_minor
from rtv_core.warehouse import settlement_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class DebitLineName:
    """Which debit line: platform, debit note and line."""

    platform_code: str
    debit_note_no: str
    debit_line_no: str


def request_write_off(
    dsn: str, line: DebitLineName, amount_minor: int, reason: str, *, actor: Actor, now: datetime
) -> int:
    """Ask for a part of a debit line to be written off; returns the number of the request.

    Raises `NotFound` for a line no build knows, `InvalidInput` without a reason or beyond what is open.
    """
    actor.require(Role.FINANCE, Role.CLAIMS)
    if not reason.strip():
        raise InvalidInput("A write-off needs a reason", remedy="Say why in words.", code="WRITE_OFF_REASON")
    name = (actor.tenant_code, line.platform_code, line.debit_note_no, line.debit_line_no)
    with connect(dsn, application_name="rtv-settle") as connection:
        found = settlement_store.debit_line(connection, *name)
        if found is None:
            raise NotFound(
                f"No debit line {line.debit_note_no}/{line.debit_line_no} of {line.platform_code}",
                remedy="List open ones with `rtv debit list`.",
                code="DEBIT_LINE_NOT_FOUND",
            )
        free_minor = int(found["open_minor"]) - settlement_store.pending_minor(connection, *name)
        if not 0 < amount_minor <= free_minor:
            free = format_minor(free_minor, found["currency_code"])
            raise InvalidInput(
                f"Only what is open and not asked for yet can be written off: {free}",
                remedy="Give an amount above zero, up to that.",
                code="WRITE_OFF_AMOUNT",
                free_minor=free_minor,
            )
        write_off_id = settlement_store.insert_write_off(
            connection,
            {
                "tenant_code": actor.tenant_code,
                "platform_code": line.platform_code,
                "debit_note_no": line.debit_note_no,
                "debit_line_no": line.debit_line_no,
                "amount_minor": amount_minor,
                "currency_code": found["currency_code"],
                "reason": reason.strip(),
                "requested_by": actor.name,
                "requested_at": now,
            },
        )
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="write_off_requested",
            object_kind="write_off",
            object_id=str(write_off_id),
            detail={
                "amount_minor": amount_minor,
                "reason": reason.strip(),
                "debit_note_no": line.debit_note_no,
            },
            now=now,
        )
    return write_off_id


def decide_write_off(
    dsn: str, write_off_id: int, *, is_approved: bool, actor: Actor, now: datetime, note: str | None = None
) -> None:
    """Approve or refuse a request; an approved one counts from the next build on.

    Nobody but an administrator decides on a request of their own. Raises `NotFound` and `ConflictError`.
    """
    actor.require(Role.FINANCE)
    with connect(dsn, application_name="rtv-settle") as connection:
        found = settlement_store.read_write_off(connection, actor.tenant_code, write_off_id)
        if found is None:
            raise NotFound(
                f"No write-off {write_off_id}",
                remedy="List them with `rtv debit write-offs`.",
                code="WRITE_OFF_NOT_FOUND",
            )
        if found["write_off_status"] != "requested":
            raise ConflictError(
                f"Write-off {write_off_id} is {found['write_off_status']} by {found['decided_by']}",
                remedy="Ask for another one if it has to change.",
                code="WRITE_OFF_DECIDED",
            )
        if found["requested_by"] == actor.name and Role.ADMIN not in actor.roles:
            raise ConflictError(
                "Who asks for a write-off does not approve it",
                remedy="Let another person of finance decide.",
                code="WRITE_OFF_OWN",
            )
        status = "approved" if is_approved else "refused"
        settlement_store.decide_write_off(connection, write_off_id, status, by=actor.name, note=note, now=now)
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb=f"write_off_{status}",
            object_kind="write_off",
            object_id=str(write_off_id),
            detail={"amount_minor": found["amount_minor"], "note": note},
            now=now,
        )
