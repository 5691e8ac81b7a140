"""Reads codes in films and pictures, with the times at which they were seen.

A code counts when two frames agree on it or when it is one of the expected codes: a single frame of a
moving label can be misread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import zxingcpp
from PIL import Image, UnidentifiedImageError

from rtv_core.errors import InvalidInput
from rtv_core.evidence.containers import container_of
from rtv_core.model.clip import CodeSeen

SAMPLES_PER_SECOND = 5.0
AGREEING_FRAMES = 2
_MAX_PIXELS = 100_000_000
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
_LUMA_FIRST = {"yuv420p", "yuvj420p", "nv12"}
_OPTIONS = {"protocol_whitelist": "file"}


@dataclass(slots=True)
class _Sighting:
    first_seconds: float
    last_seconds: float
    frames: int = 1


def scan_codes(
    path: Path, *, expected: Collection[str] = (), samples_per_second: float = SAMPLES_PER_SECOND
) -> list[CodeSeen]:
    """The codes in a film or picture, by the time they were first seen; a picture has one time, 0."""
    if path.suffix.lower() in _PICTURES:
        return _seen_in_picture(path, expected)
    sightings: dict[tuple[str, str], _Sighting] = {}
    samples = _sampled(path, samples_per_second)
    # An expected code counts on one frame, so each is read thoroughly.
    readings = ((at, _read(picture)) for at, picture in samples) if expected else _readings(samples)
    for seconds, read in readings:
        for text, kind in read:
            found = sightings.get((text, kind))
            if found is None:
                sightings[text, kind] = _Sighting(seconds, seconds)
            else:
                found.last_seconds, found.frames = seconds, found.frames + 1
    counted = [
        CodeSeen(text, kind, found.first_seconds, found.last_seconds, found.frames, text in expected)
        for (text, kind), found in sightings.items()
        if found.frames >= AGREEING_FRAMES or text in expected
    ]
    return sorted(counted, key=lambda code: (code.first_seconds, code.text))


def _seen_in_picture(path: Path, expected: Collection[str]) -> list[CodeSeen]:
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise _refused(path, f"has {image.width} × {image.height} pixels", "PICTURE_TOO_LARGE")
            read = sorted(set(_read(_flat(image))))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise _refused(path, "is no picture that can be read", "PICTURE_UNREADABLE") from error
    return [CodeSeen(text, kind, 0.0, 0.0, 1, text in expected) for text, kind in read]


def _flat(image: Image.Image) -> Image.Image:
    """In grey, on white where the picture is transparent."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("L")
    return image.convert("L")


def _readings(samples: Iterator[tuple[float, Any]]) -> Iterator[tuple[float, list[tuple[str, str]]]]:
    """The codes of each sample: every other one read thoroughly, and all next to one that shows a code.

    Two neighbours must agree for a code to count; of two neighbours one is read thoroughly, and what it finds
    makes the other be read so too.
    """
    held: tuple[float, Any] | None = None
    is_found, is_due = False, True
    for seconds, picture in samples:
        read = _read(picture, is_quick=not (is_due or is_found))
        if not (is_due or is_found or read):
            held, is_due = (seconds, picture), True
            continue
        if not (is_due or is_found):
            read = _read(picture)
        if held is not None:
            yield held[0], _read(held[1]) if read else []
        yield seconds, read
        held, is_found, is_due = None, bool(read), False
    if held is not None:
        yield held[0], _read(held[1])


def _read(picture: Any, *, is_quick: bool = False) -> list[tuple[str, str]]:
    """Texts as the codes carry them, without the brackets of a human-readable line.

    Quickly: dark codes that stand upright or lie within some 45 degrees of it, at the picture's size.
    """
    is_thorough = not is_quick
    read = zxingcpp.read_barcodes(
        picture, text_mode=zxingcpp.TextMode.Plain,
        try_rotate=is_thorough, try_invert=is_thorough, try_downscale=is_thorough,
    )  # fmt: skip
    return [(code.text, code.format.name) for code in read if code.valid and code.text]


def _sampled(path: Path, samples_per_second: float) -> Iterator[tuple[float, Any]]:
    """Frames in grey, at most so many a second, with their time in the film."""
    if samples_per_second <= 0:
        raise InvalidInput(
            "At least some frames must be looked at", remedy="Give a rate above 0.", code="SCAN_RATE_INVALID"
        )
    try:
        with av.open(str(path), format=container_of(path), options=_OPTIONS) as source:
            if not source.streams.video:
                raise _refused(path, "holds no picture", "FOOTAGE_WITHOUT_PICTURE")
            stream = source.streams.video[0]
            start: float | None = None
            due = 0.0
            for frame in source.decode(stream):
                if frame.pts is None:
                    continue
                at = float(frame.pts * frame.time_base)
                start = at if start is None else start
                if at - start + 1e-6 >= due:
                    due = at - start + 1 / samples_per_second
                    yield round(at - start, 3), luma(frame)
    except av.FFmpegError as error:
        raise _refused(path, f"cannot be decoded: {error.strerror}", "FOOTAGE_UNREADABLE") from error


def luma(frame: Any) -> Any:
    """The brightness of a frame; codes are read without colours, most films hold it as a plane."""
    if frame.format.name not in _LUMA_FIRST:
        return frame.to_ndarray(format="gray")
    plane = frame.planes[0]
    lines = np.frombuffer(plane, dtype=np.uint8).reshape(plane.height, plane.line_size)
    return np.ascontiguousarray(lines[:, : frame.width])


def _refused(path: Path, what: str, code: str) -> InvalidInput:
    return InvalidInput(
        f"{path.name} {what}", remedy="Give a film or a picture (PNG, JPEG, WebP) that is whole.", code=code
    )
