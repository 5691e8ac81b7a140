"""How far a camera's clock is ahead, as a series of measurements: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

# A camera's crystal is off by up to 50 parts in a million.
DRIFT_SECONDS_PER_DAY = 4.5
NOT_MEASURED = "not measured"
STATED = "stated for the camera"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The offset (camera time less true time) as measured at a true time."""

    measured_at: datetime
    offset_seconds: float
    uncertainty_seconds: float
    method: str


@dataclass(frozen=True, slots=True)
class ClockState:
    """The offset that holds at a time; the uncertainty is None when nobody measured."""

    offset_seconds: float
    uncertainty_seconds: float | None
    source: str


def clock_at(readings: Sequence[ClockReading], stated_seconds: float | None, at: datetime) -> ClockState:
    """The offset at a true time from readings in order of time; without any, as stated for the camera.

    Between two readings it goes evenly from one to the other, unless the clock jumped between them: then the
    nearer one is taken, and the other is within the uncertainty.
    """
    if not readings:
        if stated_seconds is None:
            return ClockState(0.0, None, NOT_MEASURED)
        return ClockState(stated_seconds, None, STATED)
    before = [one for one in readings if one.measured_at <= at]
    after = [one for one in readings if one.measured_at > at]
    if not before or not after:
        return _from_one(before[-1] if before else after[0], at, 0.0)
    left, right = before[-1], after[0]
    nearer = left if at - left.measured_at <= right.measured_at - at else right
    if is_jump(left, right):
        return _from_one(nearer, at, abs(right.offset_seconds - left.offset_seconds))
    share = (at - left.measured_at) / (right.measured_at - left.measured_at)
    offset = left.offset_seconds + share * (right.offset_seconds - left.offset_seconds)
    widest = max(left.uncertainty_seconds, right.uncertainty_seconds)
    return ClockState(
        round(offset, 3),
        round(widest + _drift(nearer.measured_at, at), 3),
        f"{left.method} at {left.measured_at.isoformat()} and at {right.measured_at.isoformat()}",
    )


def is_jump(one: ClockReading, other: ClockReading) -> bool:
    """Whether two readings differ by more than their uncertainties and the drift between them allow."""
    allowed = one.uncertainty_seconds + other.uncertainty_seconds
    allowed += _drift(one.measured_at, other.measured_at)
    return abs(one.offset_seconds - other.offset_seconds) > allowed


def jumps(readings: Sequence[ClockReading]) -> list[tuple[ClockReading, ClockReading]]:
    """The neighbours in a series between which the clock was set, or failed."""
    return [(one, other) for one, other in pairwise(readings) if is_jump(one, other)]


def _from_one(reading: ClockReading, at: datetime, jump_seconds: float) -> ClockState:
    width = reading.uncertainty_seconds + jump_seconds + _drift(reading.measured_at, at)
    source = f"{reading.method} at {reading.measured_at.isoformat()}"
    return ClockState(reading.offset_seconds, round(width, 3), source)


def _drift(one: datetime, other: datetime) -> float:
    return abs((one - other).total_seconds()) / 86_400 * DRIFT_SECONDS_PER_DAY
