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
    yield from _unmoved(film)


def _same_bytes(film: Watched) -> Break | None:
    first: dict[bytes, int] = {}
    doubtful = None
    for place, packet in enumerate(film.packets):
        if not packet.is_keyframe or packet.size_bytes < limits.REPEAT_BYTES:
            continue
        known = first.setdefault(packet.digest, place)
        if known == place:
            continue
        at, earlier = round(packet.seconds, 3), film.packets[known].seconds
        what = f"a keyframe is byte for byte that of {earlier:.1f} s"
        if _is_copied(film, known, place):
            return Break("repeated", at, at, what)
        doubtful = doubtful or Break(
            "repeated", at, at, f"{what}, but what follows is not, or does not move", is_certain=False
        )
    return doubtful


def _is_copied(film: Watched, known: int, place: int) -> bool:
    """Whether the packets that follow are the same too, and show something that changes."""
    run = 0
    while place + run < len(film.packets) and known + run < place:
        if film.packets[known + run].digest != film.packets[place + run].digest:
            break
        run += 1
    if run < limits.REPEAT_PACKETS:
        return False
    start, end = film.packets[place].seconds, film.packets[place + run - 1].seconds
    shown = (film.seconds > start + 1e-6) & (film.seconds <= end + 1e-6)
    return bool(shown.any()) and float(np.median(film.changes[shown])) > limits.STILL_CHANGE


def _same_movement(film: Watched) -> Break | None:
    """A run of frames whose movement, or noise where nothing moves, is that of an earlier run."""
    unit, is_unmoved = _movement(film)
    best, where = _likest(film, unit)
    what = "what moves is what moved"
    if best < limits.REPEAT_LIKENESS:
        best, where = _likest(film, np.where(is_unmoved[:, None], unit, np.float32(0)))
        what = "nothing moves, and the noise is that"
        if best < limits.NOISE_LIKENESS:
            return None
    earlier, at = (round(float(film.seconds[place]), 3) for place in where)
    last = min(where[1] + limits.REPEAT_FRAMES, len(unit)) - 1
    # Light that flickers and people who walk in step are alike too: bytes prove, likeness does not.
    return Break(
        "repeated", at, round(float(film.seconds[last]), 3),
        f"{what} from {earlier:.1f} s on ({best:.0%} alike)", is_certain=False,
    )  # fmt: skip


def _likest(film: Watched, unit: NDArray[np.float32]) -> tuple[float, tuple[int, int]]:
    """The two runs that are most alike: their mean correlation, and where they begin."""
    count, run = len(unit), limits.REPEAT_FRAMES
    best, where = 0.0, (0, 0)
    if count < 2 * run or not unit.any():
        return best, where
    interval = max(1e-3, float(np.median(np.diff(film.seconds))))
    least = max(run, round(limits.REPEAT_SECONDS / interval))
    for start in range(0, count - run + 1, _BATCH):
        rows = unit[start : start + _BATCH + run - 1]
        like = rows @ unit[start:].T
        for lag in range(least, count - start - run + 1):
            diagonal = np.diagonal(like, lag)
            if len(diagonal) < run:
                break
            sums = np.cumsum(np.concatenate([[0.0], diagonal]))
            means = (sums[run:] - sums[:-run]) / run
            place = int(means.argmax())
            if means[place] > best:
                best, where = float(means[place]), (start + place, start + place + lag)
    return best, where


def _unmoved(film: Watched) -> Iterator[Break]:
    """A film in which nothing moves and no noise is left: honest or not, it would look the same."""
    _, is_unmoved = _movement(film)
    faint = len(film.changes) > 1 and float(np.median(film.changes[1:])) < limits.FAINT_CHANGE
    if faint and is_unmoved.mean() >= limits.UNMOVED_SHARE:
        what = "nothing moves and hardly any noise is left: a repeat or a cut would leave no trace"
        end = round(float(film.seconds[-1]), 3)
        yield Break("frozen", 0.0, end, what, is_certain=False)


def _movement(film: Watched) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """What each frame has beyond the mean of its neighbours, as a vector of length 1; 0 where too little.
    And in which frames nothing moves.

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
    return unit.astype(np.float32), np.abs(flat).max(axis=1) <= limits.UNMOVED_PEAK
