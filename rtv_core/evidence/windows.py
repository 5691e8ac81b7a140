"""Which film shows a window, and which part of it none shows: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from rtv_core.model.clip import Segment
from rtv_core.model.window import Window

# Recorders start the next file a frame or two late; a longer stretch without film is a gap.
GAP_TOLERANCE = timedelta(seconds=0.5)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one film shows of a window."""

    segment: Segment
    window: Window


@dataclass(frozen=True, slots=True)
class Coverage:
    """A window as films show it, in order of time; gaps are never closed in silence."""

    pieces: tuple[Piece, ...]
    gaps: tuple[Window, ...]


def cover(window: Window, segments: Sequence[Segment]) -> Coverage:
    """The pieces of a camera's films that show a window, both by the camera's clock."""
    ordered = sorted(segments, key=lambda found: (found.started_at, found.ended_at, found.segment_id))
    pieces: list[Piece] = []
    for place, segment in enumerate(ordered):
        end = segment.ended_at
        if place + 1 < len(ordered):
            # A film's own duration is not trusted over the start of the next.
            end = min(end, ordered[place + 1].started_at)
        start = max(segment.started_at, window.start_at)
        end = min(end, window.end_at)
        if end > start:
            pieces.append(Piece(segment, Window(start_at=start, end_at=end)))
    return Coverage(tuple(pieces), gaps_between(window, [piece.window for piece in pieces]))


def gaps_between(window: Window, shown: Sequence[Window]) -> tuple[Window, ...]:
    """The stretches of a window longer than the tolerance that are not shown."""
    gaps: list[Window] = []
    at = window.start_at
    for piece in shown:
        if piece.start_at - at > GAP_TOLERANCE:
            gaps.append(Window(start_at=at, end_at=piece.start_at))
        at = max(at, piece.end_at)
    if window.end_at - at > GAP_TOLERANCE:
        gaps.append(Window(start_at=at, end_at=window.end_at))
    return tuple(gaps)
