"""Reads a film once: its samples, their hashes, its own hash, and how far it is whole."""

from __future__ import annotations

import hashlib
import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from rtv_core.errors import InvalidInput
from rtv_core.evidence import merkle, nal
from rtv_core.evidence.containers import container_of, is_cut_off
from rtv_core.evidence.samples import SAMPLE, SampleTable, VideoFormat

# How far after the position a demuxer names a sample's bytes may begin (block headers of Matroska).
_HEADER_BYTES = 64
_OPTIONS = {"protocol_whitelist": "file"}
_MAX_SAMPLES = 20_000_000
_HOLES_NAMED = 3
_STATES_LENGTH = ("matroska", "avi")
# Sound may go on a little after the last frame.
_UNSTATED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Film:
    """A film as read from its bytes."""

    sha256: str
    size_bytes: int
    table: SampleTable
    samples_root: str
    keyframe_count: int
    is_truncated: bool
    finding: str | None


def read_film(path: Path) -> Film:
    """Index a film up to its last good sample; `InvalidInput` when there is none."""
    container = container_of(path)
    with ThreadPoolExecutor(1) as pool:
        # Hashing leaves the interpreter free: the file's own hash costs no time beside the parsing.
        digest = pool.submit(_sha256, path)
        table, finding = _read_samples(path, container)
        sha256 = digest.result()
    return Film(
        sha256=sha256,
        size_bytes=path.stat().st_size,
        table=table,
        samples_root=merkle.root_of(table.leaves).hex(),
        keyframe_count=int(table.rows["is_keyframe"].sum()),
        is_truncated=finding is not None,
        finding="; ".join(filter(None, [finding, *_holes(table)])) or None,
    )


def _holes(table: SampleTable) -> list[str]:
    """Stretches within a film that it shows nothing of, the first few."""
    found = [
        f"No frame for {float((end - start) * table.time_base):.1f} s "
        f"from second {float((start - table.first_pts) * table.time_base):.1f} on"
        for start, end in table.holes()
    ]
    return [*found[:_HOLES_NAMED], *([f"{len(found)} such gaps in all"] if len(found) > _HOLES_NAMED else [])]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_samples(path: Path, container: str) -> tuple[SampleTable, str | None]:
    try:
        with av.open(str(path), format=container, options=_OPTIONS) as source:
            if not source.streams.video:
                raise _unreadable(path, "holds no picture", "FOOTAGE_WITHOUT_PICTURE")
            stream = source.streams.video[0]
            rows, fault = _demux(source, stream, path)
            expected = int(stream.frames)
            stated_s = (source.duration or 0) / av.time_base
            video = _video_format(stream)
            time_base = Fraction(stream.time_base)
    except av.FFmpegError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror}", "FOOTAGE_UNREADABLE") from error
    if not rows:
        raise _unreadable(path, "holds no sample", "FOOTAGE_EMPTY")
    if not any(row[5] for row in rows):
        raise _unreadable(path, "holds no keyframe, no decoder can start in it", "FOOTAGE_WITHOUT_KEYFRAME")
    # Other containers count ticks, or do not count at all.
    if fault is None and container == "mov" and expected > len(rows):
        fault = f"{len(rows)} of {expected} samples are there"
    if fault is None and is_cut_off(path, container):
        fault = "the file is shorter than it says"
    if fault is None and container in _STATES_LENGTH:
        fault = _shorter_than_stated(rows, time_base, stated_s)
    if fault is not None and container == "mpegts":
        # A stream does not say how long a sample is: the last one before the end may be half of one.
        rows = rows[:-1]
    table = SampleTable(container, video, time_base, _as_table(rows))
    return table, f"Indexed up to the last good sample: {fault}" if fault else None


def _shorter_than_stated(rows: list[tuple[Any, ...]], time_base: Fraction, stated_s: float) -> str | None:
    """Behind damage these demuxers go on with what they find next, or end, and say nothing."""
    times = [row[2] if row[2] is not None else row[3] for row in rows]
    known = [value for value in times if value is not None]
    seen_s = float((max(known) - min(known)) * time_base) if known else 0.0
    # The last frame lasts as long as the others do.
    seen_s += seen_s / max(1, len(known) - 1)
    if stated_s - seen_s <= _UNSTATED_SECONDS:
        return None
    return f"it says that it lasts {stated_s:.1f} s, its samples end after {seen_s:.1f} s"


def _demux(source: Any, stream: Any, path: Path) -> tuple[list[tuple[Any, ...]], str | None]:
    rows: list[tuple[Any, ...]] = []
    has_lengths = _has_lengths(_video_format(stream))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            for packet in source.demux(stream):
                if packet.size == 0:
                    continue
                if packet.is_corrupt or len(rows) >= _MAX_SAMPLES:
                    return rows, f"sample {len(rows)} is damaged or cut off"
                content = bytes(packet)
                if has_lengths and not nal.is_sound(content):
                    return rows, f"sample {len(rows)} is damaged"
                offset = _offset(data, packet.pos, content)
                rows.append(
                    (
                        offset,
                        len(content),
                        packet.pts,
                        packet.dts,
                        packet.duration or 0,
                        bool(packet.is_keyframe),
                        merkle.leaf_hash(content),
                    )
                )
        except av.FFmpegError as error:
            return rows, f"after sample {len(rows)} the film cannot be read ({error.strerror})"
    return rows, None


def _has_lengths(video: VideoFormat) -> bool:
    """Whether the units of a sample are told apart by lengths of four bytes."""
    if not video.is_mp4_ready or len(video.extradata) < 23:
        return False
    place = 4 if video.codec == "h264" else 21
    return video.extradata[place] & 3 == 3


def _offset(data: mmap.mmap, position: int | None, content: bytes) -> int:
    if position is None or position < 0:
        return -1
    end = position + len(content)
    if data[position:end] == content:
        return position
    return data.find(content, position, end + _HEADER_BYTES)


def _as_table(rows: list[tuple[Any, ...]]) -> np.ndarray[Any, np.dtype[Any]]:
    """Fill the times that a container leaves out: shown as decoded, decoded in the order shown."""
    pts = [row[2] if row[2] is not None else row[3] for row in rows]
    known = [value for value in pts if value is not None]
    if len(known) < len(pts):
        step = max(1, int(np.median(np.diff(known)))) if len(known) > 1 else 1
        start = known[0] if known else 0
        pts = [value if value is not None else start + place * step for place, value in enumerate(pts)]
    dts = [row[3] for row in rows]
    if any(value is None for value in dts) or any(b <= a for a, b in pairwise(dts)):
        ordered = sorted(pts)
        delay = max(shown - at for shown, at in zip(ordered, pts, strict=True))
        dts = [value - delay for value in ordered]
    table = np.zeros(len(rows), dtype=SAMPLE)
    table["offset"] = [row[0] for row in rows]
    table["size"] = [row[1] for row in rows]
    table["pts"] = pts
    table["dts"] = dts
    table["duration"] = _durations(pts, [row[4] for row in rows])
    table["is_keyframe"] = [row[5] for row in rows]
    table["leaf"] = np.frombuffer(b"".join(row[6] for row in rows), dtype="V32")
    return table


def _durations(pts: list[int], stated: list[int]) -> np.ndarray[Any, np.dtype[Any]]:
    """How long each frame is shown: up to the next one; the last one as stated, at least as usual."""
    order = np.argsort(np.asarray(pts), kind="stable")
    shown = np.asarray(pts)[order]
    steps = np.diff(shown)
    usual = int(np.median(steps)) if len(steps) else 1
    last = max(stated[int(order[-1])], usual, 1)
    found = np.zeros(len(pts), dtype=np.int64)
    found[order] = np.append(steps, last)
    return found


def _video_format(stream: Any) -> VideoFormat:
    context = stream.codec_context
    return VideoFormat(
        codec=context.name,
        codec_tag=context.codec_tag,
        width=int(context.width),
        height=int(context.height),
        extradata=bytes(context.extradata or b""),
    )


def _unreadable(path: Path, what: str, code: str) -> InvalidInput:
    return InvalidInput(
        f"{path.name} {what}",
        remedy="Export the film again from the recorder; one still being written is read once it is whole.",
        code=code,
    )
