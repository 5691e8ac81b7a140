"""A person files an approved claim with its proof bundle."""

from __future__ import annotations

from datetime import datetime

from rtv_core.claims.moves import move_claim
from rtv_core.claims.payloads import claim_payload
from rtv_core.errors import ConflictError
from rtv_core.identity import Actor
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse import claim_store
from rtv_core.warehouse.connection import connect


def file_claim(
    dsn: str,
    claim_no: str,
    row_version: int,
    actor: Actor,
    now: datetime,
    *,
    reference: str | None = None,
    note: str | None = None,
) -> Claim:
    """Mark an approved claim as filed; `reference` is the party's own number. Announces `claim.filed`.

    Raises `ConflictError` when the proof bundle is not written yet.
    """
    with connect(dsn, application_name="rtv-claims") as connection:
        before = move_claim(
            connection, claim_no, ClaimStatus.FILED, actor=actor, now=now, row_version=row_version,
            note=note, reference=reference,
        )  # fmt: skip
        if before.bundle_sha256 is None:
            raise ConflictError(
                f"Claim {claim_no} has no proof bundle yet",
                remedy=f"Write it first: `rtv claim build {claim_no}`.",
                code="CLAIM_WITHOUT_BUNDLE",
            )
        claim_store.mark_filed(connection, before, reference, now)
        claim = claim_store.read_claim(connection, actor.tenant_code, claim_no)
        enqueue(
            connection,
            tenant_code=actor.tenant_code,
            topic="claim.filed",
            channel="webhook",
            subject_key=f"{claim_no}#{claim.row_version}",
            payload=claim_payload(claim),
            now=now,
        )
    return claim
