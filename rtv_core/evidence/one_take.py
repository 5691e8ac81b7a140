"""Whether a film is one unbroken take, judged from its samples, times and picture: pure.

A join that removes time in which nothing moved leaves no trace in a picture; what can be seen is told,
with its time, and what cannot be decided is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rtv_core.evidence import take_limits as limits
from rtv_core.evidence.pace import pace_breaks
from rtv_core.evidence.repeats import repeated
from rtv_core.evidence.watching import Watched
from rtv_core.model.proof import Break, Fact


def breaks_of(film: Watched, declared_seconds: float | None = None) -> tuple[Break, ...]:
    """Where the film is not, or may not be, one take; `declared_seconds` is how long its capture took."""
    found = [
        *_damage(film),
        *_other_encodings(film),
        *_holes(film),
        *_joins(film),
        *_stills(film),
        *repeated(film),
        *pace_breaks(film, declared_seconds),
    ]
    return tuple(sorted(found, key=lambda one: (one.at_seconds, one.kind)))


def one_take(film: Watched, breaks: tuple[Break, ...]) -> Fact:
    """The answer that these breaks leave."""
    certain = [one for one in breaks if one.is_certain]
    if certain:
        return Fact("no", "; ".join(_said(one) for one in certain[:5]), certain[0].at_seconds)
    if breaks:
        return Fact("not_decided", "; ".join(_said(one) for one in breaks[:5]), breaks[0].at_seconds)
    if len(film.seconds) < 2 * limits.JUMP_FRAMES:
        return Fact("not_decided", f"{len(film.seconds)} frames are too few to judge")
    return Fact(
        "yes",
        f"{len(film.seconds)} frames over {film.length_seconds:.1f} s follow each other in samples, "
        "times and picture; a join at which nothing jumps leaves no trace",
        0.0,
    )


def _said(one: Break) -> str:
    return f"at {one.at_seconds:.1f} s {one.reason}"


def _damage(film: Watched) -> Iterator[Break]:
    if film.damage:
        end = float(film.seconds[-1])
        yield Break("damaged", round(end, 3), round(end, 3), film.damage)


def _other_encodings(film: Watched) -> Iterator[Break]:
    for seconds, what in film.new_encodings:
        yield Break("other_encoding", seconds, seconds, f"another encoding begins: {what}")


def _holes(film: Watched) -> Iterator[Break]:
    """Time without frames, by the frames and by the packets."""
    steps = np.diff(film.seconds)
    usual = float(np.median(steps)) if len(steps) else 0.0
    for place in np.flatnonzero((steps > max(limits.HOLE_SECONDS, 3 * usual)) | (steps <= 0)):
        start, end = float(film.seconds[place]), float(film.seconds[place + 1])
        what = f"no frame is shown for {end - start:.1f} s" if end > start else "time runs backwards"
        yield Break("hole", round(start, 3), round(end, 3), what)


def _joins(film: Watched) -> Iterator[Break]:
    """Frames that differ from the one before far more than their neighbours do from theirs."""
    change, light_share = _leftovers(film)
    count, reach = len(change), limits.JUMP_FRAMES
    for place in range(1, count):
        around = np.concatenate(
            [change[max(1, place - reach) : place], change[place + 1 : place + 1 + reach]]
        )
        if not len(around) or change[place] < limits.JUMP_CHANGE or light_share[place] < limits.LIGHT_SHARE:
            continue
        ratio = change[place] / (float(around.max()) + limits.JUMP_FLOOR)
        if ratio > limits.JUMP_RATIO:
            at = round(float(film.seconds[place]), 3)
            yield Break("join", at, at, f"the picture jumps, {ratio:.1f} times as much as around it")


def _leftovers(film: Watched) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Change of each frame's blocks beyond brightness and contrast, and its share of the whole change.

    Blocks where a code is read near in time are left out: labels come and go.
    """
    blocks = film.blocks.reshape(len(film.blocks), -1).astype(np.float64)
    hidden = _label_blocks(film).reshape(len(film.blocks), -1)
    change, share = np.zeros(len(blocks)), np.ones(len(blocks))
    for place in range(1, len(blocks)):
        kept = ~(hidden[place - 1] | hidden[place])
        if kept.sum() < kept.size / 4:
            kept[:] = True
        before, after = blocks[place - 1][kept], blocks[place][kept]
        around = before - before.mean()
        spread = float(around @ around)
        gain = float(around @ (after - after.mean())) / spread if spread > 1e-6 else 1.0
        left = np.abs(after - after.mean() - min(max(gain, 0.3), 3.0) * around)
        change[place] = left.sum() / kept.size
        share[place] = left.mean() / max(float(np.abs(after - before).mean()), 1e-6)
    return change, share


def _label_blocks(film: Watched) -> NDArray[np.bool_]:
    """Blocks that a label covers, from half a second before a code is read to half a second after."""
    count, rows, columns = film.blocks.shape
    hidden = np.zeros((count, rows, columns), dtype=np.bool_)
    for seen in film.sightings:
        at = film.seconds[seen.frame]
        near = slice(
            int(np.searchsorted(film.seconds, at - limits.CODE_SECONDS)),
            int(np.searchsorted(film.seconds, at + limits.CODE_SECONDS, side="right")),
        )
        left, top, right, bottom = seen.box
        # The label around the code: as much again on every side, of a thin code by its length.
        margin = max(right - left, bottom - top) * 0.6
        across = slice(max(0, int((left - margin) * columns)), int((right + margin) * columns) + 1)
        down = slice(max(0, int((top - margin) * rows)), int((bottom + margin) * rows) + 1)
        hidden[near, down, across] = True
    return hidden


def _stills(film: Watched) -> Iterator[Break]:
    """Stretches in which no frame differs from the one before: held, or a still scene pressed hard."""
    still = film.changes <= limits.STILL_CHANGE
    refresh = film.keyframes & (film.changes <= limits.STILL_REFRESH)
    start: int | None = None
    for place in range(1, len(still) + 1):
        goes_on = place < len(still) and (still[place] or (start is not None and refresh[place]))
        if goes_on and start is None:
            start = place - 1
        elif not goes_on and start is not None:
            began, ended = float(film.seconds[start]), float(film.seconds[place - 1])
            if ended - began >= limits.STILL_SECONDS:
                what = f"the picture stands still for {ended - began:.1f} s"
                yield Break("frozen", round(began, 3), round(ended, 3), what, is_certain=False)
            start = None
