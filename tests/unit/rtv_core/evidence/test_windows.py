"""Which film shows a window: no film is trusted over the next, no gap is closed in silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rtv_core.evidence.windows import GAP_TOLERANCE, cover
from rtv_core.model.clip import Segment
from rtv_core.model.window import Window

_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def _at(seconds: float) -> datetime:
    return _BEGAN + timedelta(seconds=seconds)


def _segment(number: int, start: float, end: float) -> Segment:
    return Segment(number, "t", "c", f"file:///{number}", None, "", "", 1, _at(start), _at(end))


def _window(start: float, end: float) -> Window:
    return Window(start_at=_at(start), end_at=_at(end))


def test_a_film_that_claims_to_last_into_the_next_ends_where_the_next_begins() -> None:
    found = cover(_window(0, 20), [_segment(1, 0, 12), _segment(2, 10, 20)])
    assert [piece.window for piece in found.pieces] == [_window(0, 10), _window(10, 20)]
    assert found.gaps == ()


def test_gaps_before_between_and_after_are_named() -> None:
    found = cover(_window(0, 30), [_segment(1, 5, 10), _segment(2, 15, 20)])
    assert found.gaps == (_window(0, 5), _window(10, 15), _window(20, 30))


def test_a_frame_late_is_no_gap() -> None:
    assert cover(_window(0, 20), [_segment(1, 0, 9.9), _segment(2, 10.2, 20)]).gaps == ()


def test_a_window_without_film_is_one_gap() -> None:
    found = cover(_window(0, 10), [_segment(1, 20, 30)])
    assert (found.pieces, found.gaps) == ((), (_window(0, 10),))


def test_of_two_films_that_begin_together_the_longer_is_shown() -> None:
    found = cover(_window(0, 10), [_segment(1, 0, 10), _segment(2, 0, 4)])
    assert [piece.segment.segment_id for piece in found.pieces] == [1]


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30)), max_size=8),
    st.integers(0, 90),
    st.integers(1, 40),
)
def test_pieces_and_gaps_make_up_the_window(films: list[tuple[int, int]], start: int, length: int) -> None:
    window = _window(start, start + length)
    segments = [_segment(number, at, at + long) for number, (at, long) in enumerate(films)]
    found = cover(window, segments)
    spans = sorted([piece.window for piece in found.pieces] + list(found.gaps), key=lambda one: one.start_at)
    at = window.start_at
    for span in spans:
        assert timedelta(0) <= span.start_at - at <= GAP_TOLERANCE
        assert span.end_at <= window.end_at
        at = span.end_at
    assert window.end_at - at <= GAP_TOLERANCE
    again = cover(window, [replace(segment) for segment in reversed(segments)])
    assert [piece.window for piece in again.pieces] == [piece.window for piece in found.pieces]
