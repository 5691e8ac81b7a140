"""The offset that follows from a series of measurements, how sure it is, and where the clock jumped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rtv_core.model.clock import ClockReading, ClockState, clock_at, is_jump, jumps

_START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _reading(days: float, offset: float, width: float = 0.5) -> ClockReading:
    return ClockReading(_START + timedelta(days=days), offset, width, "beacon")


def test_without_a_measurement_what_is_stated_holds_and_nothing_is_sure() -> None:
    assert clock_at([], None, _START) == ClockState(0.0, None, "not measured")
    assert clock_at([], 1.5, _START) == ClockState(1.5, None, "stated for the camera")


def test_one_measurement_holds_less_surely_the_longer_ago_it_is() -> None:
    reading = _reading(0, 2.0)
    assert clock_at([reading], 9.0, _START).uncertainty_seconds == 0.5
    for days in (-2, 2):
        state = clock_at([reading], 9.0, _START + timedelta(days=days))
        assert (state.offset_seconds, state.uncertainty_seconds) == (2.0, 0.5 + 2 * 4.5)
        assert state.source == f"beacon at {_START.isoformat()}"


def test_between_two_measurements_the_clock_goes_evenly() -> None:
    series = [_reading(0, 2.0), _reading(2, 6.0, 0.7)]
    state = clock_at(series, None, _START + timedelta(days=0.5))
    assert (state.offset_seconds, state.uncertainty_seconds) == (3.0, 0.7 + 0.5 * 4.5)
    assert jumps(series) == []


def test_a_jump_between_two_measurements_is_noticed_and_widens_what_is_said() -> None:
    series = [_reading(0, 2.0), _reading(1, 3602.0), _reading(2, 3604.0)]
    assert jumps(series) == [(series[0], series[1])]
    for days, offset in ((0.2, 2.0), (0.8, 3602.0)):
        state = clock_at(series, None, _START + timedelta(days=days))
        assert state.offset_seconds == offset
        assert state.uncertainty_seconds is not None
        assert state.uncertainty_seconds > 3600
    after = clock_at(series, None, _START + timedelta(days=1.5)).uncertainty_seconds
    assert after is not None
    assert after < 3


def test_drift_and_uncertainty_are_no_jump() -> None:
    assert not is_jump(_reading(0, 0.0), _reading(1, 5.4))
    assert is_jump(_reading(0, 0.0), _reading(1, 5.6))
