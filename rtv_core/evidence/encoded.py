"""Clips encoded anew from a snap clip: the window's frames alone. The snap clip stays the proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rtv_core.evidence.clip_files import file_sha256
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.runner import film_input, film_output, run_graph
from rtv_core.model.clip import ClipFile, ClipPart

ENCODING = {"vcodec": "libx264", "preset": "veryfast", "crf": 17, "pix_fmt": "yuv420p"}


def encode_whole(snap: CutClip, folder: Path) -> CutClip:
    """An exact clip of which every frame is encoded anew, for films that `smart_cut` cannot join.

    Raises as `run_graph` does.
    """
    return encode_anew(snap, folder, "exact", lambda picture, _file: picture)


def encode_anew(snap: CutClip, folder: Path, mode: str, drawn: Callable[[Any, ClipFile], Any]) -> CutClip:
    """The window's frames of each file as H.264, drawn on by `drawn`; the same inputs give the same bytes.

    A film that changes its size is shown at the size it begins with. Raises as `run_graph` does.
    """
    files: list[ClipFile] = []
    paths: list[Path] = []
    for number, (source, file) in enumerate(zip(snap.paths, snap.manifest.files, strict=True), 1):
        path = folder / f"{mode}-{number}.mp4"
        # A graph that is set up anew when the size changes would count its frames from nought again.
        picture = film_input(source, reinit_filter=0).video.filter("scale", *shown_size(file))
        picture = picture.filter("select", _kept(file.parts)).filter("setpts", "PTS-STARTPTS")
        picture = drawn(picture, file)
        run_graph(
            film_output(
                picture,
                path=path,
                container="mp4",
                fps_mode="passthrough",
                movflags="+faststart",
                **ENCODING,
            )
        )
        files.append(derived_file(path, file))
        paths.append(path)
    derived = tuple(
        f"{new.name} is encoded anew from the snap clip with SHA-256 {old.sha256}"
        for new, old in zip(files, snap.manifest.files, strict=True)
    )
    manifest = replace(
        snap.manifest, cut_mode=mode, files=tuple(files), findings=(*snap.manifest.findings, *derived)
    )
    return CutClip(tuple(paths), manifest)


def shown_size(file: ClipFile) -> tuple[int, int]:
    """Width and height that a file is encoded at: H.264 has even ones."""
    return file.width // 2 * 2, file.height // 2 * 2


def _kept(parts: Sequence[ClipPart]) -> str:
    """The frames of the window, by their place in the file: each part's without its pre- and post-roll."""
    ranges, place = [], 0
    for part in parts:
        first, last = place + part.pre_roll_frames, place + part.frames - part.post_roll_frames - 1
        if last >= first:
            ranges.append(f"between(n,{first},{last})")
        place += part.frames
    return "+".join(ranges)


def derived_file(path: Path, file: ClipFile, codec: str = "h264") -> ClipFile:
    """What is said of a file that holds only the window's frames of a snap clip's file."""
    lead = file.parts[0].pre_roll_seconds
    parts = tuple(
        replace(
            part,
            frames=part.frames - part.pre_roll_frames - part.post_roll_frames,
            first_frame_at=shown_from(part).isoformat(),
            pre_roll_frames=0, pre_roll_seconds=0.0, post_roll_frames=0, post_roll_seconds=0.0,
            clip_start_seconds=round(max(0.0, part.clip_start_seconds + part.pre_roll_seconds - lead), 6),
            samples_root="",
        )
        for part in file.parts
    )  # fmt: skip
    hidden = file.parts[0].pre_roll_seconds + file.parts[-1].post_roll_seconds
    return replace(
        file, name=path.name, sha256=file_sha256(path), size_bytes=path.stat().st_size, container="mp4",
        codec=codec, seconds=round(file.seconds - hidden, 6), parts=parts,
    )  # fmt: skip


def shown_from(part: ClipPart) -> datetime:
    """When the first frame of the window was, in true time."""
    began = datetime.fromisoformat(part.first_frame_at)
    return datetime.fromtimestamp(began.timestamp() + part.pre_roll_seconds, tz=began.tzinfo)
