"""The pace of one sender, on a clock of the test's own."""

from __future__ import annotations

import pytest

from ingest.api.limits import AHEAD_S, CallLimit, Room, TryLimit
from ingest.api.problems import TooMany


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def _accepted(limit: CallLimit, name: str, per_minute: int, tries: int) -> int:
    done = 0
    for _ in range(tries):
        try:
            limit.count(name, per_minute)
        except TooMany:
            continue
        done += 1
    return done


@pytest.mark.parametrize("per_minute", [6, 60, 1_200, 12_000])
def test_ten_seconds_worth_may_come_at_once_and_then_the_pace_holds(per_minute: int) -> None:
    clock = Clock()
    limit = CallLimit(clock)
    a_second = per_minute / 60
    assert _accepted(limit, "a", per_minute, 5_000) == int(AHEAD_S * a_second) + 1
    for _ in range(5):
        clock.at += 10
        assert abs(_accepted(limit, "a", per_minute, 5_000) - 10 * a_second) <= 1


def test_who_waits_as_told_is_let_in() -> None:
    clock = Clock()
    limit = CallLimit(clock)
    limit.count("a", 6)
    limit.count("a", 6)
    with pytest.raises(TooMany) as caught:
        limit.count("a", 6)
    assert caught.value.code == "TOO_MANY_CALLS"
    clock.at += caught.value.facts["retry_after_seconds"]
    limit.count("a", 6)


def test_one_sender_does_not_use_up_the_pace_of_another() -> None:
    limit = CallLimit(Clock())
    assert _accepted(limit, "a", 60, 100) < 100
    assert _accepted(limit, "b", 60, 5) == 5


def test_names_that_are_quiet_are_forgotten() -> None:
    clock = Clock()
    limit = CallLimit(clock)
    for number in range(10_000):
        limit.count(f"name {number}", 60)
    clock.at += 60
    limit.count("one more", 60)
    assert len(limit._due) == 1


def test_tries_count_for_a_minute() -> None:
    clock = Clock()
    limit = TryLimit(2, clock=clock)
    limit.count("a")
    clock.at += 30
    limit.count("a")
    clock.at += 29
    with pytest.raises(TooMany):
        limit.count("a")
    clock.at += 1
    limit.count("a")


def _wait(room: Room) -> int:
    refusal = room.enter()
    assert refusal is not None
    return int(refusal.facts["retry_after_seconds"])


def test_those_turned_away_come_back_one_after_the_other() -> None:
    room = Room(2)
    assert [room.enter(), room.enter()] == [None, None]
    assert [_wait(room) for _ in range(9)] == [1, 1, 1, 1, 2, 2, 2, 2, 3]
    for _ in range(5):
        room.leave()
        assert room.enter() is None
    assert _wait(room) == 2  # five of nine came in
    assert max(_wait(room) for _ in range(1000)) == 60


def test_when_nobody_is_in_the_crowd_is_over() -> None:
    room = Room(1)
    assert room.enter() is None
    assert [_wait(room) for _ in range(3)] == [1, 1, 2]
    room.leave()
    assert room.enter() is None
    assert _wait(room) == 1
