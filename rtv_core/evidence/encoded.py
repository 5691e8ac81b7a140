"""Clips encoded anew from a snap clip: `exact` is the window's frames alone, `presentation` is for people.

The snap clip stays the proof; what is encoded names it. Texts reach ffmpeg through files, never as a graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from math import floor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.runner import film_input, film_output, run_graph
from rtv_core.model.clip import ClipFile, ClipPart
from rtv_core.model.window import ClipRequest

_BAND_PIXELS = 44
_LETTERS = 16
_SHEET_PICTURES = 9
_SHEET_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Mask:
    """A part of the picture that nobody is to see: pixels from the left and top, width and height."""

    left: int
    top: int
    width: int
    height: int


def encode_whole(snap: CutClip, folder: Path) -> CutClip:
    """An exact clip of which every frame is encoded anew, for films that `smart_cut` cannot join.

    Raises as `run_graph` does.
    """
    return _encoded(snap, folder, "exact", lambda picture, _file: picture)


def cut_presentation(
    snap: CutClip, folder: Path, request: ClipRequest, *, timezone: str, masks: Sequence[Mask] = ()
) -> CutClip:
    """The window's frames with the wall clock of `timezone`, the camera and what it is about stamped below.

    Masks are filled black. Time that no film shows stays as long as it is. Raises as `run_graph` does.
    """
    zone = ZoneInfo(timezone)
    font = Path(str(resources.files("rtv_core.claims"))) / "fonts" / "NotoSans-Regular.ttf"

    def stamped(picture: Any, file: ClipFile) -> Any:
        for mask in masks:
            picture = picture.filter(
                "drawbox", mask.left, mask.top, mask.width, mask.height, color="black", thickness="fill"
            )
        picture = picture.filter("pad", "iw", f"ih+{_BAND_PIXELS}", 0, 0, color="black")
        began = _shown_from(file.parts[0])
        whole = floor(began.timestamp())
        fraction = f"{began.timestamp() - whole:.6f}"
        shift = int((began.astimezone(zone).utcoffset() or timedelta()).total_seconds())
        # The clock's own words; the seconds turn over when they turned over at the camera.
        clock = _text_file(folder, "clock", f"%{{pts:gmtime:{whole + shift}:%d %b %Y %H\\:%M\\:%S}}")
        picture = picture.filter("setpts", f"PTS+{fraction}/TB")
        picture = picture.filter(
            "drawtext", textfile=clock, expansion="normal", **_letters(font), x=10, y=f"h-{_BAND_PIXELS}+4"
        )
        picture = picture.filter("setpts", f"PTS-{fraction}/TB")
        zone_name = f"{began.astimezone(zone):%Z} (UTC{began.astimezone(zone):%z})"
        for number, (text, x, y) in enumerate(
            ((zone_name, "260", 4), (_subject(request), "10", 23), ("Presentation copy", "w-text_w-10", 4)), 1
        ):
            named = _text_file(folder, f"label-{number}", text)
            picture = picture.filter(
                "drawtext", textfile=named, expansion="none", **_letters(font), x=x, y=f"h-{_BAND_PIXELS}+{y}"
            )
        return picture

    return _encoded(snap, folder, "presentation", stamped)


def contact_sheet(film: Path, frames: int, target: Path) -> None:
    """Nine pictures of a film, evenly spread, side by side as one JPEG; of a stamped film each has its time.

    Raises as `run_graph` does.
    """
    step = max(1, frames // _SHEET_PICTURES)
    picture = film_input(film).video.filter("select", f"not(mod(n,{step}))*lt(n,{step * _SHEET_PICTURES})")
    picture = picture.filter("scale", _SHEET_WIDTH, -2).filter("tile", "3x3", padding=6, color="white")
    run_graph(film_output(picture, path=target, container="image2", vcodec="mjpeg", vframes=1, **{"q:v": 3}))


def _encoded(snap: CutClip, folder: Path, mode: str, drawn: Any) -> CutClip:
    files: list[ClipFile] = []
    paths: list[Path] = []
    for number, (source, file) in enumerate(zip(snap.paths, snap.manifest.files, strict=True), 1):
        path = folder / f"{mode}-{number}.mp4"
        picture = film_input(source).video.filter("select", _kept(file.parts))
        picture = drawn(picture.filter("setpts", "PTS-STARTPTS"), file)
        picture = picture.filter("scale", "trunc(iw/2)*2", "trunc(ih/2)*2")
        run_graph(
            film_output(
                picture, path=path, container="mp4", vcodec="libx264", preset="veryfast", crf=17,
                pix_fmt="yuv420p", fps_mode="passthrough", movflags="+faststart",
            )
        )  # fmt: skip
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
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    lead = file.parts[0].pre_roll_seconds
    parts = tuple(
        replace(
            part,
            frames=part.frames - part.pre_roll_frames - part.post_roll_frames,
            first_frame_at=_shown_from(part).isoformat(),
            pre_roll_frames=0, pre_roll_seconds=0.0, post_roll_frames=0, post_roll_seconds=0.0,
            clip_start_seconds=round(max(0.0, part.clip_start_seconds + part.pre_roll_seconds - lead), 6),
            samples_root="",
        )
        for part in file.parts
    )  # fmt: skip
    hidden = file.parts[0].pre_roll_seconds + file.parts[-1].post_roll_seconds
    return replace(
        file, name=path.name, sha256=sha256, size_bytes=path.stat().st_size, container="mp4", codec=codec,
        seconds=round(file.seconds - hidden, 6), parts=parts,
    )  # fmt: skip


def _shown_from(part: ClipPart) -> datetime:
    """When the first frame of the window was, in true time."""
    began = datetime.fromisoformat(part.first_frame_at)
    return datetime.fromtimestamp(began.timestamp() + part.pre_roll_seconds, tz=began.tzinfo)


def _subject(request: ClipRequest) -> str:
    parts = [f"Camera {request.camera_code}"] if request.camera_code else []
    parts += [f"AWB {request.awb_no}"] if request.awb_no else []
    parts += [f"RTV {request.rtv_no}"] if request.rtv_no else []
    return "  ".join(parts)


def _text_file(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.txt"
    path.write_text(" ".join(text.split()), encoding="utf-8")
    return str(path.resolve())


def _letters(font: Path) -> dict[str, Any]:
    return {"fontfile": str(font), "fontsize": _LETTERS, "fontcolor": "white"}
