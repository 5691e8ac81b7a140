"""Finds what a film shows a second time: the same samples, or the same movement and noise: pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rtv_core.evidence import take_limits as limits
from rtv_core.evidence.watching import Watched
from rtv_core.model.proof import Break

_BATCH = 256


def repeated(film: Watched) -> Iterator[Break]:
    """The first stretch that comes again, by its bytes or else by its picture."""
    found = _same_bytes(film) or _same_movement(film)
    if found is not None:
        yield found


def _same_bytes(film: Watched) -> Break | None:
    first: dict[bytes, float] = {}
    for packet in film.packets:
        if not packet.is_keyframe or packet.size_bytes < limits.REPEAT_BYTES:
            continue
        known = first.setdefault(packet.digest, packet.seconds)
        if known < packet.seconds:
            at = round(packet.seconds, 3)
            return Break("repeated", at, at, f"a keyframe is byte for byte that of {known:.1f} s")
    return None


def _same_movement(film: Watched) -> Break | None:
    """A run of frames whose movement from frame to frame is that of an earlier run."""
    unit = _movement(film)
    count, run = len(unit), limits.REPEAT_FRAMES
    if count < 2 * run:
        return None
    interval = max(1e-3, float(np.median(np.diff(film.seconds))))
    least = max(run, round(limits.REPEAT_SECONDS / interval))
    best, where = 0.0, (0, 0)
    for start in range(0, count - run + 1, _BATCH):
        rows = unit[start : start + _BATCH + run - 1]
        like = rows @ unit.T
        for lag in range(least, count - start - run + 1):
            diagonal = np.diagonal(like, start + lag)
            if len(diagonal) < run:
                break
            sums = np.cumsum(np.concatenate([[0.0], diagonal]))
            means = (sums[run:] - sums[:-run]) / run
            place = int(means.argmax())
            if means[place] > best:
                best, where = float(means[place]), (start + place, start + place + lag)
    if best < limits.REPEAT_LIKENESS:
        return None
    earlier, at = (round(float(film.seconds[place]), 3) for place in where)
    until = round(float(film.seconds[min(where[1] + run, count) - 1]), 3)
    what = f"what moves is what moved from {earlier:.1f} s on ({best:.0%} alike)"
    # Light that flickers and people who walk in step are alike too: bytes prove, likeness does not.
    return Break("repeated", at, until, what, is_certain=False)


def _movement(film: Watched) -> NDArray[np.float32]:
    """What each frame has beyond the mean of its neighbours, as a vector of length 1; 0 where too little.

    Frames beside a keyframe are left out: each keyframe refreshes a still picture in the same way.
    """
    blocks = film.blocks
    moved = np.zeros_like(blocks)
    moved[1:-1] = blocks[1:-1] - (blocks[:-2] + blocks[2:]) / 2
    beside = film.keyframes.copy()
    beside[:-1] |= film.keyframes[1:]
    beside[1:] |= film.keyframes[:-1]
    flat = moved.reshape(len(blocks), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.sqrt((flat * flat).sum(axis=1))
    counts = (length / np.sqrt(flat.shape[1]) >= limits.REPEAT_ENERGY) & ~beside
    unit: NDArray[np.float32] = np.where(counts[:, None], flat / np.maximum(length, 1e-6)[:, None], 0)
    return unit.astype(np.float32)
