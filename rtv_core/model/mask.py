"""Parts of a camera's picture that nobody outside is to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Mask:
    """A rectangle in percent of the picture, from its left and top: the same place at every resolution.

    Raises `ValueError` when it covers nothing or lies outside the picture.
    """

    left_pct: float
    top_pct: float
    width_pct: float
    height_pct: float

    def __post_init__(self) -> None:
        spans = ((self.left_pct, self.width_pct), (self.top_pct, self.height_pct))
        if not all(0 <= start < start + length <= 100 for start, length in spans):
            raise ValueError("a mask lies within the picture and covers some of it")

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels; outward to even ones, since colour has one for each four."""
        left, top = _even_below(self.left_pct * width / 100), _even_below(self.top_pct * height / 100)
        right = _even_above((self.left_pct + self.width_pct) * width / 100)
        bottom = _even_above((self.top_pct + self.height_pct) * height / 100)
        return left, top, right - left, bottom - top

    def as_dict(self) -> dict[str, float]:
        """As JSON values."""
        return asdict(self)


def masks_from(values: Iterable[Mapping[str, float]]) -> tuple[Mask, ...]:
    """From what `as_dict` gave."""
    return tuple(Mask(**one) for one in values)


def _even_below(pixels: float) -> int:
    return floor(pixels / 2) * 2


def _even_above(pixels: float) -> int:
    return ceil(pixels / 2) * 2
