"""Which state a claim may go to from which, and whose decision that is."""

from __future__ import annotations

from rtv_core.errors import ConflictError
from rtv_core.identity import Role
from rtv_core.model.claim import ClaimStatus as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.READY, S.DROPPED, S.TIME_BARRED}),
    S.READY: frozenset({S.DRAFT, S.APPROVED, S.DROPPED, S.TIME_BARRED}),
    S.APPROVED: frozenset({S.FILED, S.DROPPED, S.TIME_BARRED}),
    S.FILED: frozenset({S.INFO_REQUESTED, S.ACCEPTED, S.PART_ACCEPTED, S.REJECTED, S.TIME_BARRED}),
    S.INFO_REQUESTED: frozenset({S.FILED, S.ACCEPTED, S.PART_ACCEPTED, S.REJECTED, S.TIME_BARRED}),
    S.ACCEPTED: frozenset({S.REIMBURSED, S.CLAWED_BACK}),
    S.PART_ACCEPTED: frozenset({S.APPEALED, S.REIMBURSED, S.CLAWED_BACK}),
    S.REJECTED: frozenset({S.APPEALED, S.CLOSED, S.TIME_BARRED}),
    S.APPEALED: frozenset({S.INFO_REQUESTED, S.ACCEPTED, S.PART_ACCEPTED, S.REJECTED, S.TIME_BARRED}),
    S.REIMBURSED: frozenset({S.CLOSED, S.CLAWED_BACK}),
    S.CLOSED: frozenset({S.CLAWED_BACK}),
    S.CLAWED_BACK: frozenset({S.APPEALED, S.CLOSED}),
    S.DROPPED: frozenset(),
    S.TIME_BARRED: frozenset({S.CLOSED}),
}

OPEN_TO_REBUILD = frozenset({S.DRAFT, S.READY})
"""A claim in these states still follows its discrepancies; from approval on it is fixed."""

OUTCOMES = frozenset(
    {
        S.INFO_REQUESTED,
        S.ACCEPTED,
        S.PART_ACCEPTED,
        S.REJECTED,
        S.REIMBURSED,
        S.CLAWED_BACK,
        S.CLOSED,
        S.TIME_BARRED,
    }
)
"""What the other side's answer can be."""

REJECTION_CODES = {
    "late": "filed after the window of the party",
    "proof_missing": "a proof asked for was not there",
    "proof_unclear": "the proof does not show what is claimed",
    "not_liable": "another party is held liable",
    "duplicate": "claimed before",
    "amount": "the amount is disputed",
    "terms": "the contract excludes it",
    "other": "another reason, given in words",
}
"""Coded reasons of a rejection or a cut."""


def required_roles(to_status: S) -> tuple[Role, ...]:
    """The roles of which an actor needs one; empty for steps that follow from facts alone."""
    if to_status in {S.DRAFT, S.READY}:
        return ()
    return (Role.CLAIMS,)


def check_transition(from_status: S, to_status: S) -> None:
    """Raise `ConflictError` when a claim in `from_status` cannot go to `to_status`."""
    if to_status not in TRANSITIONS[from_status]:
        allowed = ", ".join(sorted(TRANSITIONS[from_status])) or "nothing"
        raise ConflictError(
            f"A claim that is {from_status} cannot become {to_status}",
            remedy=f"From {from_status} it can become: {allowed}.",
            code="CLAIM_TRANSITION_REFUSED",
            from_status=from_status.value,
            to_status=to_status.value,
        )
