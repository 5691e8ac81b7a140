"""Which frames of an exact clip are copied and which are encoded anew: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

NOTHING = range(0)


@dataclass(frozen=True, slots=True)
class Anew:
    """Frames to be encoded anew, by their time in ticks, and the samples a decoder must see to show them."""

    pts: tuple[int, ...] = ()
    places: range = NOTHING


@dataclass(frozen=True, slots=True)
class Plan:
    """A part's window in order: frames before the first keyframe, samples as they are, frames after them."""

    head: Anew
    copied: tuple[int, ...]
    end: Anew


def plan_cut(pts: Sequence[int], entries: Sequence[int], first: int, end: int) -> Plan:
    """Plan a part of which the frames `first` up to `end`, in the order shown, are wanted.

    `pts` are in decoding order; `entries` are the places where a decoder may begin with other parameters.
    """
    wanted = sorted(pts)[first:end]
    if not wanted:
        return Plan(Anew(), (), Anew())
    key = next((place for place in entries if wanted[0] <= pts[place] <= wanted[-1]), None)
    if key is None:
        return Plan(_anew(pts, entries, wanted), (), Anew())
    # Frames shown before their keyframe but decoded after it need what came before: they are of the head.
    body = [place for place in range(key, len(pts)) if pts[place] >= pts[key]]
    shown = sorted(pts[place] for place in body)
    latest = list(accumulate((pts[place] for place in body), max))
    # The longest beginning of the samples that is, in the order shown, a beginning of the frames too.
    count = max(n for n, at in enumerate(latest, 1) if at == shown[n - 1] <= wanted[-1])
    head = [at for at in wanted if at < pts[key]]
    rest = [at for at in wanted if at > latest[count - 1]]
    return Plan(_anew(pts, entries, head), tuple(body[:count]), _anew(pts, entries, rest))


def _anew(pts: Sequence[int], entries: Sequence[int], wanted: Sequence[int]) -> Anew:
    if not wanted:
        return Anew()
    places = [place for place, at in enumerate(pts) if wanted[0] <= at <= wanted[-1]]
    begin = max((at for at in entries if at <= places[0] and pts[at] <= wanted[0]), default=0)
    return Anew(tuple(wanted), range(begin, places[-1] + 1))
