"""What follows from who has a consignment and who wants it otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rtv_core.errors import ConflictError, NotPermitted
from rtv_core.model.assignment import Assignee, Assignment, Move, decide_move

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ASHA, RAVI = Assignee("OP-7"), Assignee("OP-8")


def standing(assignee: Assignee = ASHA) -> Assignment:
    return Assignment(41, "FC-BLR", "AWB1", assignee.bay_code, assignee.operator_code, None, "lead", NOW, NOW)


def decided(
    current: Assignment | None, wanted: Assignee, seen: int | None, *, operator: str | None = None
) -> Move:
    """By a lead, or by an operator."""
    return decide_move(
        current, wanted, seen_assignment_id=seen, mover=operator or "lead", is_lead=operator is None
    )


@pytest.mark.parametrize(
    ("current", "wanted", "seen", "move"),
    [
        (None, ASHA, None, Move.ASSIGN),
        (None, Assignee(bay_code="BAY-2"), None, Move.ASSIGN),
        (standing(), RAVI, 41, Move.HAND_OVER),
        (standing(), Assignee("OP-7", "BAY-2"), 41, Move.MOVE),
        (standing(Assignee(bay_code="BAY-2")), ASHA, 41, Move.MOVE),
        (standing(), Assignee(), 41, Move.TAKE_BACK),
        # Sent again, whatever was seen then: nothing more happens.
        (standing(), ASHA, None, Move.KEEP),
        (None, Assignee(), 41, Move.KEEP),
    ],
)
def test_a_lead_moves_what_he_saw(
    current: Assignment | None, wanted: Assignee, seen: int | None, move: Move
) -> None:
    assert decided(current, wanted, seen) is move


@pytest.mark.parametrize(("current", "seen"), [(standing(), None), (standing(), 40), (None, 41)])
def test_what_stands_otherwise_than_was_seen_is_not_overruled(
    current: Assignment | None, seen: int | None
) -> None:
    with pytest.raises(ConflictError) as refused:
        decided(current, RAVI, seen)
    assert refused.value.code == "ASSIGNMENT_CHANGED"
    assert refused.value.facts["assignment_id"] == (41 if current else None)


def test_an_operator_hands_over_or_gives_back_his_own_and_nothing_else() -> None:
    assert decided(standing(), RAVI, 41, operator="OP-7") is Move.HAND_OVER
    assert decided(standing(), Assignee(), 41, operator="OP-7") is Move.TAKE_BACK
    for current, seen in ((standing(), 41), (None, None)):
        with pytest.raises(NotPermitted):
            decided(current, RAVI, seen, operator="OP-8")
