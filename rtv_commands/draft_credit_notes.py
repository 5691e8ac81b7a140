"""Enqueues the credit notes of one return for the ERP: one for each original invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rtv_core.errors import NotFound
from rtv_core.identity import Actor, Role
from rtv_core.outbound.erp.credit_note import TOPIC, credit_notes
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse import claim_sources
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class DraftedNotes:
    """The credit notes of one return that are in the outbox now."""

    platform_code: str
    rtv_no: str
    notes: tuple[dict[str, Any], ...]

    @property
    def credit_note_ids(self) -> tuple[str, ...]:
        """Our ids, as they will stand in the ERP's documents."""
        return tuple(note["credit_note_id"] for note in self.notes)


def draft_credit_notes(
    dsn: str, *, actor: Actor, now: datetime, platform_code: str | None = None, rtv_no: str | None = None
) -> DraftedNotes:
    """Put the credit notes of an RTV into the outbox (channel erp); the same RTV again is a no-op.

    Without an RTV, the first one that has allocated units. Raises `NotFound` when there is nothing to credit.
    """
    actor.require(Role.FINANCE, Role.MACHINE)
    with connect(dsn, application_name="rtv-outbound") as connection:
        chosen = (
            (platform_code, rtv_no)
            if platform_code is not None and rtv_no is not None
            else claim_sources.first_return_to_credit(connection, actor.tenant_code)
        )
        units = claim_sources.allocated_units(connection, actor.tenant_code, *chosen) if chosen else []
        if chosen is None or not units:
            raise NotFound(
                f"No units of RTV {rtv_no or '(any)'} are allocated to an invoice",
                remedy="Build the warehouse with the dispatches of that platform, or name another RTV.",
                code="NOTHING_TO_CREDIT",
            )
        notes = credit_notes(units)
        for note in notes:
            enqueue(
                connection,
                tenant_code=actor.tenant_code,
                topic=TOPIC,
                channel="erp",
                subject_key=note["credit_note_id"],
                payload=note,
                now=now,
            )
        drafted = DraftedNotes(*chosen, tuple(notes))
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="credit_notes_drafted",
            object_kind="rtv",
            object_id=f"{drafted.platform_code}/{drafted.rtv_no}",
            now=now,
            detail={"credit_note_ids": list(drafted.credit_note_ids)},
        )
    return drafted
