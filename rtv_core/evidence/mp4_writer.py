"""Writes an MP4 around samples that are copied byte for byte: header from the sample table, no decode.

The file is the same for the same samples: no clock, no name of a program, nothing random in it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from rtv_core.evidence.samples import VideoFormat

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_MOVIE_SCALE = 1000
_MAX_32 = 0xFFFFFFFF


class TimedSample(NamedTuple):
    """One sample on the clip's own timeline, in units of its timescale."""

    size: int
    dts: int
    pts: int
    duration: int
    is_keyframe: bool


def mp4_header(video: VideoFormat, timescale: int, samples: Sequence[TimedSample]) -> bytes:
    """Everything before the samples' bytes, which follow it in order and end the file."""
    payload = sum(sample.size for sample in samples)
    ftyp = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2mp41")
    is_large = payload > _MAX_32 - (1 << 24)
    mdat_head = (
        struct.pack(">I4sQ", 1, b"mdat", payload + 16)
        if is_large
        else struct.pack(">I4s", payload + 8, b"mdat")
    )
    moov = _moov(video, timescale, samples, is_large)
    # The place of the samples ends the header's tables, whose length does not depend on it.
    place = struct.pack(">Q" if is_large else ">I", len(ftyp) + len(moov) + len(mdat_head))
    return ftyp + moov[: -len(place)] + place + mdat_head


def shown_ticks(samples: Sequence[TimedSample]) -> int:
    """How long the samples are shown, from the first frame to the end of the last, in ticks."""
    return max(sample.pts + sample.duration for sample in samples) - min(sample.pts for sample in samples)


def _moov(video: VideoFormat, timescale: int, samples: Sequence[TimedSample], is_large: bool) -> bytes:
    first = samples[0].dts
    start = min(sample.pts for sample in samples)
    end = max(sample.pts + sample.duration for sample in samples)
    media = max(end, samples[-1].dts + samples[-1].duration) - first
    shown = -(-(end - start) * _MOVIE_SCALE // timescale)
    mvhd = _full(
        b"mvhd",
        0,
        struct.pack(">4I", 0, 0, _MOVIE_SCALE, shown),
        struct.pack(">IH10x", 0x10000, 0x100),
        _MATRIX,
        bytes(24),
        struct.pack(">I", 2),
    )
    tkhd = _full(
        b"tkhd",
        3,
        struct.pack(">5I", 0, 0, 1, 0, shown),
        bytes(16),
        _MATRIX,
        struct.pack(">II", video.width << 16, video.height << 16),
    )
    # The edit starts at the first frame shown: it hides none.
    elst = _full(b"elst", 0, struct.pack(">IIiI", 1, shown, start - first, 0x10000))
    mdhd = _full(b"mdhd", 0, struct.pack(">4IHH", 0, 0, timescale, min(media, _MAX_32), 0x55C4, 0))
    hdlr = _full(b"hdlr", 0, struct.pack(">I4s12x", 0, b"vide"), b"VideoHandler\0")
    dinf = _box(b"dinf", _full(b"dref", 0, struct.pack(">I", 1), _full(b"url ", 1)))
    stbl = _box(
        b"stbl",
        _stsd(video),
        _stts(samples),
        _ctts(samples, first),
        _stss(samples),
        _full(b"stsc", 0, struct.pack(">4I", 1, 1, len(samples), 1)),
        _full(b"stsz", 0, struct.pack(f">II{len(samples)}I", 0, len(samples), *(s.size for s in samples))),
        _full(b"co64" if is_large else b"stco", 0, struct.pack(">IQ" if is_large else ">II", 1, 0)),
    )
    minf = _box(b"minf", _full(b"vmhd", 1, bytes(8)), dinf, stbl)
    trak = _box(b"trak", tkhd, _box(b"edts", elst), _box(b"mdia", mdhd, hdlr, minf))
    return _box(b"moov", mvhd, trak)


def _stsd(video: VideoFormat) -> bytes:
    tag, config = (b"avc1", b"avcC") if video.codec == "h264" else (b"hvc1", b"hvcC")
    if video.codec_tag in ("avc3", "hev1"):
        tag = video.codec_tag.encode()
    entry = _box(
        tag,
        struct.pack(">6xH16xHH", 1, video.width, video.height),
        struct.pack(">IIIH32xHh", 0x480000, 0x480000, 0, 1, 24, -1),
        _box(config, video.extradata),
    )
    return _full(b"stsd", 0, struct.pack(">I", 1), entry)


def _stts(samples: Sequence[TimedSample]) -> bytes:
    steps = [after.dts - sample.dts for sample, after in pairwise(samples)]
    return _runs(b"stts", 0, ">II", [*steps, samples[-1].duration])


def _ctts(samples: Sequence[TimedSample], first: int) -> bytes:
    base = first
    at = [sample.dts - base for sample in samples]
    return _runs(
        b"ctts", 0x01000000, ">Ii", [s.pts - base - place for s, place in zip(samples, at, strict=True)]
    )


def _stss(samples: Sequence[TimedSample]) -> bytes:
    numbers = [number for number, sample in enumerate(samples, 1) if sample.is_keyframe]
    return _full(b"stss", 0, struct.pack(f">I{len(numbers)}I", len(numbers), *numbers))


def _runs(name: bytes, flags: int, layout: str, values: Sequence[int]) -> bytes:
    runs = [(len(list(group)), value) for value, group in groupby(values)]
    return _full(
        name, flags, struct.pack(">I", len(runs)), b"".join(struct.pack(layout, *run) for run in runs)
    )


def _full(name: bytes, version_and_flags: int, *content: bytes) -> bytes:
    return _box(name, struct.pack(">I", version_and_flags), *content)


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body
