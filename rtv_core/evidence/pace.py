"""Whether a film runs at the pace at which it was filmed: pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rtv_core.evidence import take_limits as limits
from rtv_core.evidence.watching import Watched
from rtv_core.model.proof import Break


def pace_breaks(film: Watched, declared_seconds: float | None) -> Iterator[Break]:
    """Where the times of the frames are not those at which they were filmed, as far as that shows."""
    steps = np.diff(film.seconds)
    if len(steps) >= limits.PACE_FRAMES:
        yield from _by_encoder(film)
        yield from _changes(film)
        yield from _doubled(film)
    if declared_seconds is not None:
        yield from _by_clock(film, declared_seconds)


def _by_encoder(film: Watched) -> Iterator[Break]:
    """The encoder wrote its rate into the stream, and times written over by copying leave it there; one that
    takes any rate writes the tick of its clock instead, so this alone decides nothing.
    """
    if not film.encoder_rate:
        return
    steps = np.diff(film.seconds)
    usual = float(np.median(steps))
    if (np.abs(steps - usual) > limits.PACE_STEADY * usual).mean() > limits.PACE_UNSTEADY_SHARE:
        return
    factor = usual * film.encoder_rate
    if factor > limits.PACE_FACTOR or factor < 1 / limits.PACE_FACTOR:
        what = f"{1 / usual:.1f} frames a second are shown, {film.encoder_rate:.1f} were encoded"
        yield Break("retimed", 0.0, round(float(film.seconds[-1]), 3), what, is_certain=False)


def _changes(film: Watched) -> Iterator[Break]:
    """A steady pace that turns into another steady one: a camera in the dark does so, and so does a cut."""
    steps, width = np.diff(film.seconds), limits.PACE_FRAMES
    place = width
    while place <= len(steps) - width:
        before, after = steps[place - width : place], steps[place : place + width]
        slow, fast = float(np.median(before)), float(np.median(after))
        is_steady = all(
            np.abs(part - middle).max() <= limits.PACE_STEADY * middle
            for part, middle in ((before, slow), (after, fast))
        )
        if is_steady and max(slow, fast) > limits.PACE_FACTOR * min(slow, fast):
            at = round(float(film.seconds[place]), 3)
            what = f"the pace changes from {1 / slow:.1f} to {1 / fast:.1f} frames a second"
            yield Break("pace_changed", at, at, what, is_certain=False)
            place += width
        place += 1


def _doubled(film: Watched) -> Iterator[Break]:
    """Frames shown twice in a row throughout, among others that move."""
    changes = film.changes[1:]
    # Of a doubled film every repeat stands between two frames that move.
    lone = changes[1:-1] < limits.DOUBLED_CHANGE * np.minimum(changes[:-2], changes[2:])
    width = 4 * limits.PACE_FRAMES
    width = min(width, len(lone))
    shares = np.convolve(lone, np.ones(width) / width, "valid") if width else np.zeros(0)
    if len(shares) and shares.max() >= limits.DOUBLED_SHARE:
        place = int(shares.argmax())
        start, end = (
            float(film.seconds[place]),
            float(film.seconds[min(place + width, len(film.seconds) - 1)]),
        )
        what = f"{shares.max():.0%} of the frames repeat the one before: shown slower than filmed"
        yield Break("retimed", round(start, 3), round(end, 3), what, is_certain=False)


def _by_clock(film: Watched, declared_seconds: float) -> Iterator[Break]:
    """The bay's clock says how long the capture took: a film is not longer than that."""
    length = film.length_seconds
    allowed = max(limits.DECLARED_SECONDS, limits.DECLARED_SHARE * declared_seconds)
    if abs(length - declared_seconds) > allowed:
        is_longer = length > declared_seconds
        what = f"the film lasts {length:.1f} s, its capture {declared_seconds:.1f} s"
        yield Break("retimed", 0.0, round(length, 3), what, is_certain=is_longer)
