"""Records what the other side answered to a filed claim."""

from __future__ import annotations

from datetime import datetime

from rtv_core.claims.moves import move_claim
from rtv_core.claims.states import OUTCOMES, REJECTION_CODES
from rtv_core.errors import InvalidInput
from rtv_core.identity import Actor
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.warehouse import claim_store
from rtv_core.warehouse.connection import connect

_NEEDS_CODE = frozenset({ClaimStatus.REJECTED, ClaimStatus.PART_ACCEPTED})
_NEEDS_AMOUNT = frozenset({ClaimStatus.PART_ACCEPTED, ClaimStatus.REIMBURSED, ClaimStatus.CLAWED_BACK})


def record_outcome(
    dsn: str,
    claim_no: str,
    row_version: int,
    outcome: ClaimStatus,
    *,
    actor: Actor,
    now: datetime,
    amount_minor: int | None = None,
    rejection_code: str | None = None,
    reference: str | None = None,
    note: str | None = None,
) -> Claim:
    """Move a claim to what was answered. Reimbursed and clawed back set the money recovered in all."""
    _check(outcome, amount_minor, rejection_code)
    with connect(dsn, application_name="rtv-claims") as connection:
        before = move_claim(
            connection, claim_no, outcome, actor=actor, now=now, row_version=row_version,
            amount_minor=amount_minor, rejection_code=rejection_code, reference=reference, note=note,
        )  # fmt: skip
        if outcome is ClaimStatus.REIMBURSED:
            claim_store.set_recovered(connection, before, amount_minor or 0)
        elif outcome is ClaimStatus.CLAWED_BACK:
            claim_store.set_recovered(connection, before, 0)
        return claim_store.read_claim(connection, actor.tenant_code, claim_no)


def _check(outcome: ClaimStatus, amount_minor: int | None, rejection_code: str | None) -> None:
    if outcome not in OUTCOMES:
        raise InvalidInput(
            f"{outcome} is no answer of the other side",
            remedy=f"Use one of: {', '.join(sorted(OUTCOMES))}.",
            code="OUTCOME_UNKNOWN",
        )
    if outcome in _NEEDS_CODE and rejection_code not in REJECTION_CODES:
        raise InvalidInput(
            f"A claim that is {outcome} needs a coded reason",
            remedy=f"Use one of: {', '.join(REJECTION_CODES)}.",
            code="REJECTION_CODE_UNKNOWN",
        )
    if outcome in _NEEDS_AMOUNT and (amount_minor is None or amount_minor < 0):
        raise InvalidInput(
            f"A claim that is {outcome} needs the amount",
            remedy="Give it in minor units.",
            code="OUTCOME_AMOUNT",
        )
