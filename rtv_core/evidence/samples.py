"""The sample table of a film: where each sample is, when it is shown, whether a decoder can start there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtv_core.errors import IntegrityError

_MAGIC = b"RTVS1\n"
SAMPLE = np.dtype(
    [
        ("offset", "<i8"),  # -1: the sample is not one run of bytes in the file
        ("size", "<i4"),
        ("pts", "<i8"),
        ("dts", "<i8"),
        ("duration", "<i4"),
        ("is_keyframe", "u1"),
        ("leaf", "V32"),
    ]
)


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What a decoder must know before the first sample."""

    codec: str
    codec_tag: str
    width: int
    height: int
    extradata: bytes

    @property
    def is_mp4_ready(self) -> bool:
        """Whether the samples can stand in an MP4 as they are: length-prefixed, with their configuration."""
        return self.codec in ("h264", "hevc") and self.extradata[:1] == b"\x01"


@dataclass(frozen=True, slots=True)
class SampleTable:
    """All samples of a film's picture, in decoding order."""

    container: str
    video: VideoFormat
    time_base: Fraction
    rows: NDArray[Any]

    @property
    def count(self) -> int:
        """How many samples."""
        return len(self.rows)

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hash of each sample."""
        return [bytes(leaf) for leaf in self.rows["leaf"]]

    @property
    def is_addressable(self) -> bool:
        """Whether each sample is one run of bytes of the file."""
        return bool((self.rows["offset"] >= 0).all())

    @property
    def first_pts(self) -> int:
        """When the first frame is shown."""
        return int(self.rows["pts"].min())

    @property
    def end_pts(self) -> int:
        """When the last frame ends."""
        last = int(self.rows["pts"].argmax())
        return int(self.rows["pts"][last]) + int(self.rows["duration"][last])

    @property
    def seconds(self) -> float:
        """How long the film is by its own time."""
        return float((self.end_pts - self.first_pts) * self.time_base)

    @property
    def usual_step(self) -> int:
        """How long a frame is usually shown, in ticks."""
        return max(1, int(np.median(self.rows["duration"])))

    @property
    def longest_step(self) -> int:
        """Up to how long one frame may be shown before that is a gap, in ticks: a second, or ten frames."""
        return max(10 * self.usual_step, ceil(1 / self.time_base))

    def holes(self) -> list[tuple[int, int]]:
        """Where the film shows no frame for long: from when the last one should end, until the next."""
        pts = np.sort(self.rows["pts"])
        long = np.flatnonzero(np.diff(pts) > self.longest_step)
        return [(int(pts[at]) + self.usual_step, int(pts[at + 1])) for at in long]

    def pts_at(self, started_at: datetime, at: datetime) -> int:
        """The last presentation time at or before a moment, by the clock by which the film began then."""
        seconds = Fraction((at - started_at) // timedelta(microseconds=1), 1_000_000)
        return self.first_pts + floor(seconds / self.time_base)

    def pts_from(self, started_at: datetime, at: datetime) -> int:
        """The first presentation time at or after a moment: a frame before it is before the moment too."""
        seconds = Fraction((at - started_at) // timedelta(microseconds=1), 1_000_000)
        return self.first_pts + ceil(seconds / self.time_base)

    def at_pts(self, started_at: datetime, pts: int) -> datetime:
        """The moment of a presentation time."""
        return started_at + timedelta(seconds=float((pts - self.first_pts) * self.time_base))

    def pack(self) -> bytes:
        """As bytes for the warehouse."""
        head = {
            "container": self.container,
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "codec": self.video.codec,
            "codec_tag": self.video.codec_tag,
            "width": self.video.width,
            "height": self.video.height,
            "extradata": self.video.extradata.hex(),
        }
        return _MAGIC + json.dumps(head, sort_keys=True).encode() + b"\n" + self.rows.tobytes()


def unpack_samples(packed: bytes) -> SampleTable:
    """The table that `SampleTable.pack` wrote."""
    magic, _, rest = packed.partition(b"\n")
    head_text, _, rows = rest.partition(b"\n")
    if magic + b"\n" != _MAGIC or len(rows) % SAMPLE.itemsize:
        raise IntegrityError(
            "A sample table in the warehouse cannot be read",
            remedy="Index the film again with `rtv evidence index`.",
            code="SAMPLE_TABLE_BROKEN",
        )
    head = json.loads(head_text)
    video = VideoFormat(
        head["codec"], head["codec_tag"], head["width"], head["height"], bytes.fromhex(head["extradata"])
    )
    return SampleTable(
        head["container"], video, Fraction(*head["time_base"]), np.frombuffer(rows, dtype=SAMPLE)
    )
