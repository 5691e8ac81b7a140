"""The band below a presentation clip as a picture, with the right glyphs for ₹, Devanagari and Tamil.

Texts are data to the typesetter, never markup, and reach ffmpeg as pixels alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import typst

_LETTER_PIXELS = 16
_BAND_PIXELS = 44
_USUAL_WIDTH = 1280
_SMALLEST_WIDTH = 360


@dataclass(frozen=True, slots=True)
class Band:
    """How a band is set below a picture of this width, in pixels."""

    width: int
    height: int
    letter_pixels: int


def band_for(width: int) -> Band:
    """Letters grow with pictures above 1280 pixels and shrink with those below 360."""
    share = max(1.0, width / _USUAL_WIDTH) if width >= _SMALLEST_WIDTH else width / _SMALLEST_WIDTH
    return Band(width, round(_BAND_PIXELS * share / 2) * 2, max(1, round(_LETTER_PIXELS * share)))


def clock_font() -> Path:
    """The font that the clock is drawn in."""
    return _fonts() / "NotoSans-Regular.ttf"


def write_caption(band: Band, target: Path, *, zone: str, kind: str, subject: str) -> None:
    """The band as a PNG with room for the clock at its top left; the same bytes for the same texts."""
    texts = {"zone": zone, "kind": kind, "subject": subject}
    values = {"width": band.width, "height": band.height, "letter_pixels": band.letter_pixels, **texts}
    drawn = _compiler().compile(
        format="png", ppi=72, sys_inputs={"band": json.dumps(values, ensure_ascii=False)}
    )
    assert isinstance(drawn, bytes)
    target.write_bytes(drawn)


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    folder = Path(str(resources.files("rtv_core.evidence")))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_fonts()])
    return typst.Compiler(input=folder / "caption.typ", root=folder, font_paths=fonts)


def _fonts() -> Path:
    return Path(str(resources.files("rtv_core.claims"))) / "fonts"
