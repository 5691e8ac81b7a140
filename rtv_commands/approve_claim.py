"""A person approves a claim: from here on its lines are fixed."""

from __future__ import annotations

from datetime import datetime

from rtv_core.claims.moves import move_claim
from rtv_core.claims.payloads import claim_payload
from rtv_core.identity import Actor
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse import claim_store
from rtv_core.warehouse.connection import connect


def approve_claim(  # noqa: PLR0917 the order in which every door calls it
    dsn: str, claim_no: str, row_version: int, actor: Actor, now: datetime, note: str | None = None
) -> Claim:
    """Approve a ready claim as it stood at `row_version`; announces `claim.approved`.

    Raises `ConflictError` when the claim changed meanwhile or is not ready, `NotPermitted` without the role.
    """
    with connect(dsn, application_name="rtv-claims") as connection:
        before = move_claim(
            connection,
            claim_no,
            ClaimStatus.APPROVED,
            actor=actor,
            now=now,
            row_version=row_version,
            note=note,
        )
        claim_store.mark_approved(connection, before, actor, now)
        claim = claim_store.read_claim(connection, actor.tenant_code, claim_no)
        enqueue(
            connection,
            tenant_code=actor.tenant_code,
            topic="claim.approved",
            channel="webhook",
            subject_key=claim_no,
            payload=claim_payload(claim),
            now=now,
        )
    return claim
