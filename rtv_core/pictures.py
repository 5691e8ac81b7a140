"""Makes an item's picture small and plain enough for a phone: any picture in, a WebP of few kilobytes out."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from rtv_core.errors import InvalidInput

SIDE_PX = 320
_FORMATS = ("JPEG", "PNG", "WEBP")
_MAX_PIXELS = 100_000_000


def small_picture(data: bytes) -> bytes:
    """A square WebP of `SIDE_PX`, upright, on white, with nothing of what the file said about its camera.

    `InvalidInput` when the bytes are no JPEG, PNG or WebP that can be read whole, or have more than
    100 million pixels.
    """
    try:
        with warnings.catch_warnings():
            # Pillow's own bound is lower, and warns; ours is asked before a pixel is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > _MAX_PIXELS:
                    raise _unfit(f"it has {opened.width} x {opened.height} pixels")
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unfit("it is no JPEG, PNG or WebP that can be read") from error
    fitted = ImageOps.contain(upright, (SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", (SIDE_PX, SIDE_PX), "white")
    ground.paste(fitted, ((SIDE_PX - fitted.width) // 2, (SIDE_PX - fitted.height) // 2), fitted)
    made = BytesIO()
    ground.save(made, "WEBP", quality=78, method=4)
    return made.getvalue()


def _unfit(fact: str) -> InvalidInput:
    return InvalidInput(
        f"The picture cannot be taken: {fact}",
        remedy="Send a JPEG, PNG or WebP of at most 100 million pixels.",
        code="PICTURE_INVALID",
    )
