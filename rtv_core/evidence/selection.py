"""Which samples of a film make up a piece of a window, and where they stand on the clip's timeline: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtv_core.errors import IntegrityError
from rtv_core.evidence import merkle
from rtv_core.evidence.mp4_writer import TimedSample
from rtv_core.evidence.samples import SampleTable
from rtv_core.evidence.windows import Piece
from rtv_core.model.clip import Segment
from rtv_core.model.window import Window

_COMMON_SCALE = 90_000


@dataclass(frozen=True, slots=True)
class Take:
    """The samples taken of one film, in decoding order."""

    piece: Piece
    path: Path
    table: SampleTable
    places: NDArray[Any]
    rows: NDArray[Any]
    start_pts: int
    end_pts: int
    shown: Window
    """What is shown, pre-roll and post-roll included, by the camera's clock."""

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hash of each sample."""
        packed: list[bytes] = self.rows["leaf"].tolist()
        return packed

    def stretches(self) -> list[Window]:
        """What is shown without a long gap, in order, by the camera's clock."""
        shown, table, began = self.shown, self.table, self.piece.segment.started_at
        first, last = int(self.rows["pts"].min()), int(self.rows["pts"].max())
        found, start = [], shown.start_at
        for gone, back in table.holes():
            if first < gone and back <= last:
                found.append(Window(start_at=start, end_at=table.at_pts(began, gone)))
                start = table.at_pts(began, back)
        return [*found, Window(start_at=start, end_at=shown.end_at)]

    def pre_roll(self) -> tuple[int, float]:
        """Frames shown before the piece begins, and their seconds."""
        pts = self.rows["pts"]
        early = pts[pts < self.start_pts]
        return len(early), self._seconds(self.start_pts - int(early.min())) if len(early) else 0.0

    def post_roll(self) -> tuple[int, float]:
        """Frames shown after the piece ends, and their seconds: later frames need them to be decoded."""
        rows = self.rows
        late = rows[rows["pts"] >= self.end_pts]
        if not len(late):
            return 0, 0.0
        return len(late), self._seconds(int((late["pts"] + late["duration"]).max()) - self.end_pts)

    def _seconds(self, ticks: int) -> float:
        return round(float(ticks * self.table.time_base), 6)


def take(piece: Piece, path: Path, table: SampleTable) -> Take | None:
    """The samples that show a piece, from the keyframe at or before it; None when no frame falls in it."""
    began = piece.segment.started_at
    start, end = table.pts_at(began, piece.window.start_at), table.pts_from(began, piece.window.end_at)
    pts, keys = table.rows["pts"], np.flatnonzero(table.rows["is_keyframe"])
    # The frame on screen when the piece begins is part of it.
    on_screen = pts[pts <= start]
    start_frame = int(on_screen.max()) if len(on_screen) else int(pts.min())
    before = keys[pts[keys] <= start_frame]
    first = int(before[-1]) if len(before) else int(keys[0])
    wanted = np.flatnonzero((pts >= start_frame) & (pts < end))
    wanted = wanted[wanted >= first]
    if not len(wanted):
        return None
    places = np.arange(first, _whole_up_to(pts, first, int(wanted[-1])) + 1)
    # Frames shown before their keyframe (open GOP) cannot be decoded without the film before it.
    places = places[pts[places] >= pts[first]]
    rows = table.rows[places]
    return Take(piece, path, table, places, rows, start_frame, end, _shown(piece, table, rows))


def _shown(piece: Piece, table: SampleTable, rows: NDArray[Any]) -> Window:
    pts, began = rows["pts"], piece.segment.started_at
    last = int(pts.argmax())
    end = int(pts[last]) + int(rows["duration"][last])
    return Window(start_at=table.at_pts(began, int(pts.min())), end_at=table.at_pts(began, end))


def _whole_up_to(pts: NDArray[Any], first: int, last: int) -> int:
    """The last sample needed so that no frame is missing between those that must be decoded."""
    while True:
        needed = np.flatnonzero(pts <= pts[first : last + 1].max())
        if int(needed[-1]) <= last:
            return last
        last = int(needed[-1])


def timeline(takes: Sequence[Take]) -> tuple[int, list[TimedSample], list[float]]:
    """Timescale, samples and the start of each take on one timeline, on which gaps keep their length."""
    bases = {found.table.time_base for found in takes}
    base = bases.pop() if len(bases) == 1 else Fraction(1, _COMMON_SCALE)
    scale = base.denominator if base.numerator == 1 else _COMMON_SCALE
    origin = takes[0].shown.start_at
    samples: list[TimedSample] = []
    starts: list[float] = []
    shown_until = 0
    for found in takes:
        rows = found.rows
        first = int(rows["pts"].min())
        lead = Fraction((found.shown.start_at - origin) // timedelta(microseconds=1), 1_000_000)
        factor = found.table.time_base * scale
        shift = round(lead * scale)
        dts = [shift + at for at in _scaled(rows["dts"] - first, factor)]
        pts = [shift + at for at in _scaled(rows["pts"] - first, factor)]
        durations = [max(1, ticks) for ticks in _scaled(rows["duration"].astype(np.int64), factor)]
        # Films that overlap by their clocks follow each other: no frame is shown over another.
        late = max(0, samples[-1].dts + 1 - dts[0], shown_until - shift) if samples else 0
        starts.append(round((shift + late) / scale, 6))
        samples.extend(
            TimedSample(size, at + late, shown + late, ticks, bool(key))
            for size, at, shown, ticks, key in zip(
                rows["size"].tolist(), dts, pts, durations, rows["is_keyframe"].tolist(), strict=True
            )
        )
        shown_until = max(sample.pts + sample.duration for sample in samples[-len(rows) :])
    return scale, samples, starts


def _scaled(ticks: NDArray[Any], factor: Fraction) -> list[int]:
    """Ticks on another timescale, to the nearest."""
    if factor == 1:
        found: list[int] = ticks.tolist()
        return found
    doubled = ticks * (2 * factor.numerator) + factor.denominator
    nearest: list[int] = (doubled // (2 * factor.denominator)).tolist()
    return nearest


def refuse_changed(sample: bytes | memoryview, leaf: bytes, segment: Segment) -> None:
    """`IntegrityError` when a sample is not the one that was indexed."""
    if merkle.leaf_hash(sample) != leaf:
        raise IntegrityError(
            f"The film {segment.uri} is no longer the one that was indexed",
            remedy="Restore the film as it was recorded; its SHA-256 stands in the footage index.",
            code="FOOTAGE_CHANGED",
            sha256=segment.sha256,
        )
