"""Copies samples that an MP4 cannot hold as they are (MPEG-TS, WebM, old AVI codecs) by their own demuxer."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from rtv_core.errors import InvalidInput
from rtv_core.evidence import merkle
from rtv_core.evidence.clip_files import writing
from rtv_core.evidence.selection import Take, refuse_changed

_OPTIONS = {"protocol_whitelist": "file"}
_OUTPUT = {".mkv": "matroska", ".ts": "mpegts"}


def write_copied(path: Path, found: Take) -> str:
    """Write a take's samples, unchanged, into Matroska or MPEG-TS; returns the container."""
    container = _OUTPUT[path.suffix]
    segment, table = found.piece.segment, found.table
    first = int(found.rows["pts"].min())
    lead = first - int(found.rows["dts"].min())
    try:
        with (
            writing(path),
            av.open(str(found.path), format=table.container, options=_OPTIONS) as source,
            # Bit-exact output carries no clock, no random identity and no program's name.
            av.open(str(path), "w", format=container, options={"fflags": "+bitexact"}) as sink,
        ):
            stream = source.streams.video[0]
            target = sink.add_stream_from_template(stream)
            target.time_base = Fraction(stream.time_base)
            for packet, row in copied_samples(source, stream, found):
                packet.stream = target
                packet.pts, packet.dts = int(row["pts"]) - first + lead, int(row["dts"]) - first + lead
                packet.duration = int(row["duration"])
                sink.mux(packet)
    except av.FFmpegError as error:
        raise InvalidInput(
            f"The film {segment.uri} cannot be cut: {error.strerror}",
            remedy="Index the film again; if it fails again, export it from the recorder once more.",
            code="FOOTAGE_CUT_FAILED",
        ) from error
    return container


def copied_samples(source: Any, stream: Any, found: Take) -> Iterator[tuple[Any, Any]]:
    """The packets of a take, each held against the index."""
    wanted = {int(place) for place in found.places}
    last = int(found.places[-1])
    place = -1
    for packet in source.demux(stream):
        if packet.size == 0:
            continue
        place += 1
        if place > last:
            return
        if place in wanted:
            row = found.table.rows[place]
            refuse_changed(bytes(packet), bytes(row["leaf"]), found.piece.segment)
            yield packet, row


def sample_leaves(path: Path, container: str) -> list[bytes]:
    """The leaf hash of each sample of a film's picture, as its demuxer gives them."""
    with av.open(str(path), format=container, options=_OPTIONS) as source:
        return [
            merkle.leaf_hash(bytes(packet)) for packet in source.demux(source.streams.video[0]) if packet.size
        ]
