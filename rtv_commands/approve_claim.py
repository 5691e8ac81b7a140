"""A person approves a claim: from here on its lines are fixed."""

from __future__ import annotations

from datetime import datetime

from rtv_core.claims.moves import move_claim
from rtv_core.claims.payloads import claim_payload
from rtv_core.errors import ConflictError
from rtv_core.identity import Actor
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse import claim_sources, claim_store
from rtv_core.warehouse.connection import Connection, connect


def approve_claim(  # noqa: PLR0917 the order in which every door calls it
    dsn: str, claim_no: str, row_version: int, actor: Actor, now: datetime, note: str | None = None
) -> Claim:
    """Approve a ready claim as it stood at `row_version`; announces `claim.approved`.

    Raises `ConflictError` when the claim changed meanwhile, is not ready or rests on a film that cannot be
    shown yet, `NotPermitted` without the role.
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
        _refuse_unshown(connection, before, now)
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


def _refuse_unshown(connection: Connection, claim: Claim, now: datetime) -> None:
    """The film of a camera with masks leaves as its presentation: it must be there before the bundle is."""
    keys = [line.discrepancy_key for line in claim.lines]
    clips = claim_sources.sealed_clips(connection, claim.group.tenant_code, keys, until=now)
    waiting = [str(clip.clip_id) for clip in clips if not clip.may_leave]
    if waiting:
        raise ConflictError(
            f"{len(waiting)} clips of {claim.claim_no} are of cameras with masks and cannot be shown yet: "
            f"{', '.join(waiting[:10])}",
            remedy="Make their presentations first: `rtv evidence present`.",
            code="PRESENTATION_MISSING",
        )
