"""Claims move only along the drawn lines."""

from __future__ import annotations

import itertools

import pytest

from rtv_core.claims.states import OPEN_TO_REBUILD, OUTCOMES, TRANSITIONS, check_transition, required_roles
from rtv_core.errors import ConflictError
from rtv_core.identity import Role
from rtv_core.model.claim import ClaimStatus as S


def test_every_state_has_its_transitions() -> None:
    assert set(TRANSITIONS) == set(S)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(S, S)))
def test_a_step_is_taken_if_drawn_and_refused_if_not(before: S, after: S) -> None:
    if after in TRANSITIONS[before]:
        check_transition(before, after)
    else:
        with pytest.raises(ConflictError, match=f"{before} cannot become {after}"):
            check_transition(before, after)


def test_the_way_of_a_won_claim_is_open() -> None:
    way = [S.DRAFT, S.READY, S.APPROVED, S.FILED, S.INFO_REQUESTED, S.REJECTED, S.APPEALED, S.PART_ACCEPTED,
           S.REIMBURSED, S.CLAWED_BACK, S.CLOSED]  # fmt: skip
    for before, after in itertools.pairwise(way):
        check_transition(before, after)


def test_every_state_can_be_reached_and_only_dropped_ends_for_good() -> None:
    reached, frontier = {S.DRAFT}, [S.DRAFT]
    while frontier:
        for after in TRANSITIONS[frontier.pop()] - reached:
            reached.add(after)
            frontier.append(after)
    assert reached == set(S)
    assert [state for state in S if not TRANSITIONS[state]] == [S.DROPPED]


def test_nothing_but_readiness_moves_without_a_person_of_claims() -> None:
    assert [state for state in S if not required_roles(state)] == sorted(OPEN_TO_REBUILD)
    assert required_roles(S.APPROVED) == (Role.CLAIMS,)
    assert OUTCOMES.isdisjoint(OPEN_TO_REBUILD)
