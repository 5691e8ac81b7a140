"""Who is to open a consignment at the bay: what stands, what is wanted, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rtv_core.errors import ConflictError, NotPermitted


class Move(StrEnum):
    """What happens to the assignment of one consignment."""

    KEEP = "keep"
    ASSIGN = "assign"
    MOVE = "moved"
    HAND_OVER = "handed_over"
    TAKE_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Consignment:
    """A consignment at the gate of a node, by its AWB; any spelling of it."""

    node_code: str
    awb_no: str


@dataclass(frozen=True, slots=True)
class Assignee:
    """An operator, a bay, or an operator at a bay; nobody when both are None."""

    operator_code: str | None = None
    bay_code: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who has a consignment until the end of a shift (`lapses_at`, UTC), and from whom he took it over."""

    assignment_id: int
    node_code: str
    awb_no: str
    bay_code: str | None
    operator_code: str | None
    handed_over_from: str | None
    assigned_by: str
    assigned_at: datetime
    lapses_at: datetime

    @property
    def assignee(self) -> Assignee:
        """Who has it."""
        return Assignee(self.operator_code, self.bay_code)

    @property
    def holder(self) -> str:
        """Who has it, in words."""
        return self.operator_code or f"bay {self.bay_code}"


def decide_move(
    standing: Assignment | None,
    wanted: Assignee,
    *,
    seen_assignment_id: int | None,
    mover: str,
    is_lead: bool,
) -> Move:
    """What `mover` does by wanting this; `seen_assignment_id` is what he saw standing, None for nothing.

    What is wanted stands already: nothing is done, whoever sent it again. Raises `ConflictError`
    (`ASSIGNMENT_CHANGED`) when something else stands than was seen, `NotPermitted` when an operator moves
    what is not his.
    """
    current = standing.assignee if standing else Assignee()
    if current == wanted:
        return Move.KEEP
    if seen_assignment_id != (standing.assignment_id if standing else None):
        raise ConflictError(
            f"The consignment is with {standing.holder} now"
            if standing
            else "The consignment is with nobody now",
            remedy="Look at the queue again, and send the assignment_id that stands now.",
            code="ASSIGNMENT_CHANGED",
            assignment_id=standing.assignment_id if standing else None,
        )
    if not is_lead and current.operator_code != mover:
        raise NotPermitted(
            f"The consignment is not assigned to {mover}",
            remedy="Ask a bay lead to assign it.",
            code="ASSIGNMENT_NOT_YOURS",
        )
    if wanted == Assignee():
        return Move.TAKE_BACK
    if current == Assignee():
        return Move.ASSIGN
    if current.operator_code and wanted.operator_code not in {None, current.operator_code}:
        return Move.HAND_OVER
    return Move.MOVE
