"""Watches a film once: its frames small, its codes with their place, its packets, its encoder's marks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from rtv_core.errors import InvalidInput
from rtv_core.evidence import take_limits as limits
from rtv_core.evidence.barcodes import SAMPLES_PER_SECOND, luma
from rtv_core.evidence.containers import container_of, is_cut_off
from rtv_core.evidence.marks import Marks

MAX_FRAMES = 60_000
"""Half an hour at 30 frames a second: beyond it a film is no unboxing."""
_OPTIONS = {"protocol_whitelist": "file"}
_ROWS = limits.SMALL_HEIGHT // limits.BLOCK_PIXELS
_COLUMNS = limits.SMALL_WIDTH // limits.BLOCK_PIXELS


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code read on one frame, with its box as shares of the picture: left, top, right, bottom."""

    frame: int
    text: str
    format: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet in decoding order; seconds from the film's start."""

    seconds: float
    size_bytes: int
    digest: bytes
    is_keyframe: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """A film as it was watched, frame by frame; frames in the order shown."""

    seconds: NDArray[np.float64]
    blocks: NDArray[np.float32]
    """Brightness by frame, row and column of blocks."""
    changes: NDArray[np.float64]
    """Mean difference of each frame from the one before, at the small size; 0 for the first."""
    keyframes: NDArray[np.bool_]
    packets: tuple[Packet, ...]
    sightings: tuple[Sighting, ...]
    looked_at: tuple[int, ...]
    """The frames in which codes were looked for."""
    encoder_rate: float | None
    """Frames a second as the encoder wrote into the stream, where it fixed one."""
    new_encodings: tuple[tuple[float, str], ...]
    """When another encoding begins inside the film, and by what one sees it."""
    damage: str | None = None

    @property
    def length_seconds(self) -> float:
        """From the first frame to the end of the last."""
        if len(self.seconds) < 2:
            return 0.0
        return float(self.seconds[-1] - self.seconds[0] + np.median(np.diff(self.seconds)))


@dataclass(slots=True)
class _Reel:
    """Frames as they come from the decoder."""

    seconds: list[float] = field(default_factory=list)
    blocks: list[NDArray[np.float32]] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    keyframes: list[bool] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    looked_at: list[int] = field(default_factory=list)
    before: NDArray[np.int16] | None = None
    due: float = 0.0

    def add(self, frame: Any, seconds: float, samples_per_second: float) -> None:
        small = frame.reformat(limits.SMALL_WIDTH, limits.SMALL_HEIGHT, "gray", interpolation="AREA")
        picture = small.to_ndarray().astype(np.int16)
        self.changes.append(0.0 if self.before is None else float(np.abs(picture - self.before).mean()))
        side = limits.BLOCK_PIXELS
        self.blocks.append(picture.reshape(_ROWS, side, _COLUMNS, side).mean((1, 3), dtype=np.float32))
        self.before = picture
        self.keyframes.append(bool(frame.key_frame))
        if seconds + 1e-6 >= self.due:
            self.due = seconds + 1 / samples_per_second
            self.looked_at.append(len(self.seconds))
            self.sightings.extend(_codes_of(luma(frame), len(self.seconds)))
        self.seconds.append(seconds)


def watch_film(path: Path, *, samples_per_second: float = SAMPLES_PER_SECOND) -> Watched:
    """Decode a film once; damage is told up to the last good frame.

    Raises `InvalidInput` when it is no film, shows nothing, or is too long to be an unboxing.
    """
    container = container_of(path)
    reel, packets = _Reel(), []
    damage = "the file is shorter than it says" if is_cut_off(path, container) else None
    try:
        with av.open(str(path), format=container, options=_OPTIONS) as source:
            if not source.streams.video:
                raise _refused(path, "holds no picture", "FOOTAGE_WITHOUT_PICTURE")
            stream = source.streams.video[0]
            marks = Marks(stream.codec_context.name, bytes(stream.codec_context.extradata or b""))
            rate = stream.codec_context.framerate
            start: Fraction | None = None
            try:
                for packet in source.demux(stream):
                    if packet.size:
                        at = packet.pts if packet.pts is not None else packet.dts
                        content = bytes(packet)
                        marks.look(content, float((at or 0) * packet.time_base), bool(packet.is_keyframe))
                        packets.append((at, packet.time_base, content, bool(packet.is_keyframe)))
                        damage = damage or ("a sample is damaged" if packet.is_corrupt else None)
                    for frame in packet.decode():
                        if frame.pts is None:
                            continue
                        shown = frame.pts * frame.time_base
                        start = shown if start is None else start
                        reel.add(frame, float(shown - start), samples_per_second)
                        if len(reel.seconds) > MAX_FRAMES:
                            raise _refused(path, f"has more than {MAX_FRAMES} frames", "FILM_TOO_LONG")
            except av.FFmpegError as error:
                damage = f"after frame {len(reel.seconds)} it cannot be decoded ({error.strerror})"
    except av.FFmpegError as error:
        raise _refused(path, f"cannot be decoded: {error.strerror}", "FOOTAGE_UNREADABLE") from error
    if start is None:
        raise _refused(path, "shows no frame", "FOOTAGE_EMPTY")
    began = float(start)
    return Watched(
        seconds=np.array(reel.seconds),
        blocks=np.array(reel.blocks),
        changes=np.array(reel.changes),
        keyframes=np.array(reel.keyframes),
        packets=tuple(_packets(packets, began)),
        sightings=tuple(reel.sightings),
        looked_at=tuple(reel.looked_at),
        encoder_rate=float(rate) if rate and marks.says_rate else None,
        new_encodings=tuple((round(at - began, 3), what) for at, what in marks.new_encodings()),
        damage=damage,
    )


def _packets(found: list[tuple[Any, Any, bytes, bool]], began: float) -> Iterator[Packet]:
    for at, time_base, content, is_keyframe in found:
        seconds = float((at or 0) * time_base) - began
        yield Packet(seconds, len(content), hashlib.sha256(content).digest()[:16], is_keyframe)


def _codes_of(picture: NDArray[np.uint8], frame: int) -> Iterator[Sighting]:
    height, width = picture.shape
    for code in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain):
        if code.valid and code.text:
            corners = [getattr(code.position, name) for name in _CORNERS]
            across = [corner.x / width for corner in corners]
            down = [corner.y / height for corner in corners]
            yield Sighting(
                frame, code.text, code.format.name, (min(across), min(down), max(across), max(down))
            )


_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")


def _refused(path: Path, what: str, code: str) -> InvalidInput:
    return InvalidInput(f"{path.name} {what}", remedy="Give the recording of one unboxing.", code=code)
