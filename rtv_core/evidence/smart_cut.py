"""Exact clips: the window's frames alone, as many as can be copied bit for bit.

Only the frames before the first keyframe are encoded anew, and at the end those whose order of decoding
reaches beyond the window. A film whose codec does not let two encodings stand in one track is encoded whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

from rtv_core.errors import InvalidInput
from rtv_core.evidence import nal
from rtv_core.evidence.clip_files import writing
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.encoded import derived_file, encode_whole
from rtv_core.evidence.joint import Joint, NotJoinable, OutSample
from rtv_core.evidence.mp4_writer import TimedSample, mp4_header
from rtv_core.evidence.samples import VideoFormat
from rtv_core.evidence.smart_plan import Anew, plan_cut
from rtv_core.model.clip import ClipFile

_OPTIONS = {"protocol_whitelist": "file"}


def cut_exact(snap: CutClip, folder: Path) -> CutClip:
    """The window's frames and no other, at their own times: nothing before, nothing after, nothing hidden.

    Raises `InvalidInput` for a film that cannot be decoded; as `run_graph` where it is encoded whole.
    """
    try:
        return _joined(snap, folder)
    except NotJoinable:
        return encode_whole(snap, folder)
    except av.FFmpegError as error:
        raise InvalidInput(
            f"The film cannot be decoded: {error.strerror}",
            remedy="The film is damaged or of a kind that cannot be processed; export it again.",
            code="FFMPEG_REFUSED",
        ) from error


def _joined(snap: CutClip, folder: Path) -> CutClip:
    files, paths, findings = [], [], []
    for number, (source, file) in enumerate(zip(snap.paths, snap.manifest.files, strict=True), 1):
        path = folder / f"exact-{number}.mp4"
        copied, encoded = _write(source, file, path)
        files.append(derived_file(path, file, file.codec))
        paths.append(path)
        findings.append(
            f"{path.name} is made from the snap clip with SHA-256 {file.sha256}: {copied} frames are copied "
            f"bit for bit, {encoded} are encoded anew"
        )
    manifest = replace(
        snap.manifest,
        cut_mode="exact",
        files=tuple(files),
        findings=(*snap.manifest.findings, *findings),
    )
    return CutClip(tuple(paths), manifest)


@dataclass(frozen=True, slots=True)
class _Source:
    """A snap clip on the disk: its samples in decoding order, times in ticks."""

    path: Path
    codec: str
    codec_tag: str
    extradata: bytes
    time_base: Fraction
    pts: list[int]
    durations: dict[int, int]
    sizes: list[int]
    keys: set[int]
    entries: list[int]

    @property
    def offsets(self) -> list[int]:
        """Where each sample begins: they end the file, one after the other."""
        at = self.path.stat().st_size - sum(self.sizes)
        found = []
        for size in self.sizes:
            found.append(at)
            at += size
        return found


def _write(source_path: Path, file: ClipFile, path: Path) -> tuple[int, int]:
    """Write one file; how many frames were copied, and how many encoded."""
    if file.container != "mp4":
        raise NotJoinable("the samples stand in another container than MP4")
    source = _read(source_path, file.codec)
    joint = Joint(source.codec, source.codec_tag, source.extradata, _depth(source.pts))
    start = 0
    for part in file.parts:
        _take_part(
            source, joint, range(start, start + part.frames), part.pre_roll_frames, part.post_roll_frames
        )
        start += part.frames
    if not joint.samples:
        raise NotJoinable("no frame falls in the window")
    video = VideoFormat(source.codec, joint.codec_tag, file.width, file.height, joint.extradata)
    timed = _timed(joint.samples, source)
    offsets = source.offsets
    with writing(path), path.open("wb") as sink, source_path.open("rb") as stream:
        sink.write(mp4_header(video, source.time_base.denominator, timed))
        for sample in joint.samples:
            sink.write(sample.content)
            if sample.place is not None:
                stream.seek(offsets[sample.place])
                sink.write(stream.read(source.sizes[sample.place]))
    copied = sum(sample.place is not None for sample in joint.samples)
    return copied, len(joint.samples) - copied


def _read(path: Path, codec: str) -> _Source:
    pts: list[int] = []
    durations: dict[int, int] = {}
    sizes: list[int] = []
    keys: set[int] = set()
    entries: list[int] = []
    with av.open(str(path), format="mov", options=_OPTIONS) as film:
        stream = film.streams.video[0]
        for packet in film.demux(stream):
            if not packet.size or packet.pts is None:
                continue
            if packet.is_keyframe:
                keys.add(len(pts))
                if nal.starts_anew(codec, bytes(packet)):
                    entries.append(len(pts))
            pts.append(packet.pts)
            durations[packet.pts] = packet.duration or 1
            sizes.append(packet.size)
        context = stream.codec_context
        return _Source(
            path, codec, context.codec_tag, bytes(context.extradata or b""), Fraction(stream.time_base), pts,
            durations, sizes, keys, entries,
        )  # fmt: skip


def _depth(pts: list[int]) -> int:
    """How many places later than shown a frame is decoded at most."""
    places = {at: place for place, at in enumerate(pts)}
    return max(decoded - shown for shown, decoded in enumerate(places[at] for at in sorted(pts)))


def _take_part(source: _Source, joint: Joint, places: range, pre_roll: int, post_roll: int) -> None:
    base = places.start
    entries = [place - base for place in source.entries if place in places]
    plan = plan_cut(source.pts[base : places.stop], entries, pre_roll, len(places) - post_roll)
    _encode(source, joint, plan.head, base)
    for place in plan.copied:
        at = base + place
        joint.copy(at, source.pts[at], source.sizes[at], is_key=at in source.keys)
    _encode(source, joint, plan.end, base)


def _encode(source: _Source, joint: Joint, anew: Anew, base: int) -> None:
    if not anew.pts:
        return
    wanted = set(anew.pts)
    frames = (frame for frame in _decoded(source, anew.places, base) if frame.pts in wanted)
    joint.encode(frames, anew.pts)


def _decoded(source: _Source, places: range, base: int) -> Iterator[Any]:
    """The frames of a run of samples, in the order shown."""
    decoder = av.CodecContext.create(source.codec, "r")
    decoder.extradata = source.extradata
    decoder.thread_count = 1
    # Without its own word on how far frames are out of order, a decoder takes the most that its level allows.
    decoder.options = {"strict": "1"}
    offsets = source.offsets
    with source.path.open("rb") as stream:
        for place in range(base + places.start, base + places.stop):
            stream.seek(offsets[place])
            packet = av.Packet(stream.read(source.sizes[place]))
            packet.pts = packet.dts = source.pts[place]
            packet.time_base = source.time_base
            packet.is_keyframe = place in source.keys
            yield from decoder.decode(packet)
    yield from decoder.decode(None)


def _timed(samples: list[OutSample], source: _Source) -> list[TimedSample]:
    """Each frame at its own time, up to the next; decoded in the order that the samples stand in."""
    shown = sorted(sample.pts for sample in samples)
    lasting = {at: after - at for at, after in pairwise(shown)}
    lasting[shown[-1]] = source.durations[shown[-1]]
    delay = max(at - sample.pts for at, sample in zip(shown, samples, strict=True))
    return [
        TimedSample(sample.size, at - delay, sample.pts, lasting[sample.pts], sample.is_key)
        for at, sample in zip(shown, samples, strict=True)
    ]
