"""Carries answers that came in by file to the claims they answer, each once, in the order they were given."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rtv_core.claims.moves import move_claim
from rtv_core.claims.states import OUTCOMES, REJECTION_CODES, TRANSITIONS
from rtv_core.errors import ConflictError, InvalidInput, NotFound, RtvError
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.warehouse import claim_store, settlement_store
from rtv_core.warehouse.connection import Connection


@dataclass(slots=True)
class Carried:
    """What became of answers."""

    carried: int = 0
    refused: int = 0

    def counts(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


def carry_waiting(
    connection: Connection, *, now: datetime, reporting_timezone: str = "Asia/Kolkata"
) -> Carried:
    """Move every claim with an answer that waits. One that cannot be carried is tried again next time.

    A naive time is read in the reporting zone. An answer is matched by claim number, else by the party's own
    reference of the filing.
    """
    done = Carried()
    for answer in settlement_store.waiting_answers(connection, reporting_timezone):
        try:
            with connection.transaction():
                claim_id = _carry(connection, answer)
        except RtvError as error:
            settlement_store.note_answer(connection, answer, None, (error.code, error.fact), now)
            done.refused += 1
            continue
        settlement_store.note_answer(connection, answer, claim_id, None, now)
        done.carried += 1
    return done


def _carry(connection: Connection, answer: dict[str, Any]) -> int:
    outcome = _outcome(answer["status"])
    names = [name for name in (answer["claim_no"], answer["reference"]) if name]
    found = settlement_store.claims_called(connection, answer["tenant_code"], names)
    if not found:
        raise NotFound(
            f"No claim is called {' or '.join(names)}",
            remedy="File the claim with this reference; the answer is carried to it then.",
            code="CLAIM_NOT_FOUND",
        )
    if len(found) > 1 and found[0] != answer["claim_no"]:
        raise ConflictError(
            f"{len(found)} claims were filed under {names[-1]}",
            remedy="Name the claim in the answer.",
            code="CLAIM_REFERENCE_AMBIGUOUS",
        )
    actor = Actor(ActorKind.JOB, "carry_answers", frozenset({Role.CLAIMS}), answer["tenant_code"])
    claim = claim_store.read_claim(connection, answer["tenant_code"], found[0], lock=True)
    code = answer["rejection_code"]
    details = {
        "amount_minor": answer["amount_minor"],
        "rejection_code": code if code in REJECTION_CODES or code is None else "other",
        "reference": answer["reference"],
        "note": code if code and code not in REJECTION_CODES else None,
    }
    for step in _steps(claim, outcome, answer["amount_minor"]):
        before = move_claim(
            connection, claim.claim_no, step, actor=actor, now=answer["answered_at"], **details
        )
    if outcome is ClaimStatus.REIMBURSED:
        paid_minor = answer["amount_minor"]
        claim_store.set_recovered(
            connection, before, claim.claimed_minor if paid_minor is None else paid_minor
        )
    elif outcome is ClaimStatus.CLAWED_BACK:
        claim_store.set_recovered(connection, before, 0)
    return claim.claim_id


def _outcome(status: str) -> ClaimStatus:
    known = {outcome.value: outcome for outcome in OUTCOMES}
    if status not in known:
        raise InvalidInput(
            f"{status} is no answer to a claim",
            remedy=f"Use one of: {', '.join(sorted(known))}.",
            code="OUTCOME_UNKNOWN",
        )
    return known[status]


def _steps(claim: Claim, outcome: ClaimStatus, amount_minor: int | None) -> tuple[ClaimStatus, ...]:
    """Money that comes without a word is an acceptance first."""
    if outcome is not ClaimStatus.REIMBURSED or ClaimStatus.REIMBURSED in TRANSITIONS[claim.status]:
        return (outcome,)
    is_whole = amount_minor is None or amount_minor >= claim.claimed_minor
    return (ClaimStatus.ACCEPTED if is_whole else ClaimStatus.PART_ACCEPTED, outcome)
