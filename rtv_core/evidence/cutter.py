"""Cuts clips: `snap` copies samples bit for bit from the keyframe before the window, without a decoder.

Every sample is held against the hash that the index took of it: a film that changed since is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from rtv_core.evidence import merkle
from rtv_core.evidence.clip_files import file_sha256, writing
from rtv_core.evidence.containers import local_path
from rtv_core.evidence.mp4_writer import mp4_header, shown_ticks
from rtv_core.evidence.packet_copy import write_copied
from rtv_core.evidence.samples import SampleTable, VideoFormat
from rtv_core.evidence.selection import Take, refuse_changed, take, timeline
from rtv_core.evidence.windows import Coverage, gaps_between
from rtv_core.model.clip import ClipFile, ClipGap, ClipManifest, ClipPart, Segment
from rtv_core.model.window import ClipRequest, Window

CLOCK_RULE = "camera time = true time + clock_offset_seconds; times in this manifest are true time, in UTC"
_READ_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class CutClip:
    """A clip as cut: its files, in order, and what they are made of."""

    paths: tuple[Path, ...]
    manifest: ClipManifest


def segment_path(segment: Segment) -> Path:
    """Where a film on this machine is."""
    return local_path(segment.uri)


def cut_snap(
    request: ClipRequest,
    coverage: Coverage,
    table_of: Callable[[Segment], SampleTable],
    folder: Path,
    path_of: Callable[[Segment], Path] = segment_path,
) -> CutClip | None:
    """Cut the films that cover a window, given by the camera's clock; None when no frame falls in it."""
    found = [take(piece, path_of(piece.segment), table_of(piece.segment)) for piece in coverage.pieces]
    takes = [one for one in found if one is not None]
    if not takes:
        return None
    files: list[ClipFile] = []
    paths: list[Path] = []
    for number, group in enumerate(_alike(takes), 1):
        path = folder / f"part-{number}{_suffix(group[0].table)}"
        files.append(_write(path, group, request.clock_offset_seconds))
        paths.append(path)
    return CutClip(tuple(paths), _manifest(request, takes, files))


def _alike(takes: Sequence[Take]) -> list[list[Take]]:
    """Takes that one file can hold: same codec parameters, one after the other."""
    groups: list[list[Take]] = []
    for found in takes:
        if groups and _can_join(groups[-1][-1].table, found.table):
            groups[-1].append(found)
        else:
            groups.append([found])
    return groups


def _can_join(one: SampleTable, other: SampleTable) -> bool:
    return one.video == other.video and _is_byte_range(one) and _is_byte_range(other)


def _is_byte_range(table: SampleTable) -> bool:
    return table.video.is_mp4_ready and table.is_addressable


def _suffix(table: SampleTable) -> str:
    if _is_byte_range(table):
        return ".mp4"
    return ".ts" if table.container == "mpegts" else ".mkv"


def _write(path: Path, takes: Sequence[Take], clock_offset: float) -> ClipFile:
    scale, samples, starts = timeline(takes)
    if _is_byte_range(takes[0].table):
        header = mp4_header(takes[0].table.video, scale, samples)
        sha256 = _write_chunks(path, _chunks(header, takes))
        container = "mp4"
    else:
        container = write_copied(path, takes[0])
        sha256 = file_sha256(path)
    video: VideoFormat = takes[0].table.video
    return ClipFile(
        name=path.name,
        sha256=sha256,
        size_bytes=path.stat().st_size,
        container=container,
        codec=video.codec,
        width=video.width,
        height=video.height,
        seconds=round(shown_ticks(samples) / scale, 6),
        parts=tuple(_part(found, start, clock_offset) for found, start in zip(takes, starts, strict=True)),
    )


def _chunks(header: bytes, takes: Sequence[Take]) -> Iterable[bytes]:
    yield header
    for found in takes:
        with found.path.open("rb") as source:
            yield from checked_samples(source, found)


def checked_samples(source: BinaryIO, found: Take) -> Iterable[bytes]:
    """The bytes of a take's samples, read in long runs and held against the index."""
    rows = found.rows
    offsets, sizes, leaves = rows["offset"].tolist(), rows["size"].tolist(), found.leaves
    place = 0
    while place < len(offsets):
        start = end = offsets[place]
        after = place
        while after < len(offsets) and offsets[after] == end and end - start < _READ_BYTES:
            end += sizes[after]
            after += 1
        source.seek(start)
        run = source.read(end - start)
        view = memoryview(run)
        at = 0
        for number in range(place, after):
            refuse_changed(view[at : at + sizes[number]], leaves[number], found.piece.segment)
            at += sizes[number]
        yield run
        place = after


def _write_chunks(path: Path, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with writing(path), path.open("wb") as sink:
        for chunk in chunks:
            digest.update(chunk)
            sink.write(chunk)
    return digest.hexdigest()


def _part(found: Take, clip_start: float, clock_offset: float) -> ClipPart:
    segment, places = found.piece.segment, found.places
    shown = found.shown.shifted(-clock_offset)
    first, end = int(places[0]), int(places[-1]) + 1
    pre, post = found.pre_roll(), found.post_roll()
    return ClipPart(
        source_sha256=segment.sha256,
        source_name=segment.name,
        source_samples_root=segment.samples_root,
        source_sample_count=segment.sample_count,
        first_sample=first,
        end_sample=end,
        left_out_samples=_left_out(places, first, end),
        frames=len(places),
        pre_roll_frames=pre[0],
        pre_roll_seconds=pre[1],
        post_roll_frames=post[0],
        post_roll_seconds=post[1],
        first_frame_at=shown.start_at.isoformat(),
        end_at=shown.end_at.isoformat(),
        clip_start_seconds=clip_start,
        samples_root=merkle.root_of(found.leaves).hex(),
    )


def _left_out(places: NDArray[Any], first: int, end: int) -> tuple[int, ...]:
    if len(places) == end - first:
        return ()
    return tuple(sorted(set(range(first, end)) - set(places.tolist())))


def _manifest(request: ClipRequest, takes: Sequence[Take], files: Sequence[ClipFile]) -> ClipManifest:
    offset = request.clock_offset_seconds
    asked = request.window.shifted(offset)
    shown = [_within(stretch, found.piece.window) for found in takes for stretch in found.stretches()]
    gaps = [gap.shifted(-offset) for gap in gaps_between(asked, [one for one in shown if one is not None])]
    truncated = sorted({found.piece.segment.name for found in takes if found.piece.segment.is_truncated})
    return ClipManifest(
        tenant_code=request.tenant_code,
        camera_code=request.camera_code or "",
        cut_mode="snap",
        window_start_at=request.window_start_at.isoformat(),
        window_end_at=request.window_end_at.isoformat(),
        margin_seconds=request.margin_seconds,
        clock_offset_seconds=offset,
        clock_rule=CLOCK_RULE,
        clock_uncertainty_seconds=request.clock_uncertainty_seconds,
        clock_source=request.clock_source,
        files=tuple(files),
        gaps=tuple(ClipGap(gap.start_at.isoformat(), gap.end_at.isoformat(), gap.seconds) for gap in gaps),
        findings=tuple(f"The film {name} is cut off or damaged at its end" for name in truncated),
    )


def _within(shown: Window, asked: Window) -> Window | None:
    start, end = max(shown.start_at, asked.start_at), min(shown.end_at, asked.end_at)
    return Window(start_at=start, end_at=end) if end > start else None
