"""Makes a copy that browsers play of a clip whose codec they do not; the clip itself stays the proof."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rtv_core.evidence.clip_files import file_sha256
from rtv_core.evidence.runner import Limits, film_input, film_output, run_graph

PLAYED_BY_BROWSERS = frozenset({"h264", "vp8", "vp9", "av1"})


@dataclass(frozen=True, slots=True)
class PlayableCopy:
    """The copy, to be named beside the clip it is derived from."""

    sha256: str
    size_bytes: int


def needs_copy(codec: str) -> bool:
    """Whether browsers do not play this codec."""
    return codec not in PLAYED_BY_BROWSERS


def make_playable(source: Path, target: Path, limits: Limits | None = None) -> PlayableCopy:
    """Encode a clip anew as H.264 in MP4, at its own size and times; raises as `run_graph` does."""
    picture = film_input(source).video.filter("scale", "trunc(iw/2)*2", "trunc(ih/2)*2")
    run_graph(
        film_output(
            picture,
            path=target,
            container="mp4",
            vcodec="libx264",
            preset="veryfast",
            crf=20,
            pix_fmt="yuv420p",
            fps_mode="passthrough",
            movflags="+faststart",
        ),
        limits,
    )
    return PlayableCopy(file_sha256(target), target.stat().st_size)
