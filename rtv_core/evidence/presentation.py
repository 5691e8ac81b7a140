"""Presentation clips: a cut for people, with the wall clock, camera and subject stamped, and masks drawn.

Below the picture, which is covered only where a mask lies, stands a band. Stills and the contact sheet are
made from the presentation itself, so that nothing is in them that is not in it. There is no sound.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av

from rtv_core.evidence.caption import Band, band_for, clock_font, write_caption
from rtv_core.evidence.clip_files import file_sha256
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.encoded import encode_anew, shown_from, shown_size
from rtv_core.evidence.runner import film_input, film_output, picture_input, run_graph
from rtv_core.model.clip import ClipFile
from rtv_core.model.mask import Mask
from rtv_core.model.window import ClipRequest

MAX_STILLS = 60
_SHEET_PICTURES = 9
_SHEET_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Scan:
    """A moment that gets a still: when an item was scanned, in true time, and its code."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made from a presentation: `scans` are those it shows; `film_seconds` is its place in it."""

    path: Path
    sha256: str
    film_seconds: float | None = None
    scans: tuple[Scan, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """What a record says of it, as JSON values."""
        scans = [{"at": scan.at.isoformat(), "label": scan.label} for scan in self.scans]
        return {"sha256": self.sha256, "film_seconds": self.film_seconds, "scans": scans}


def cut_presentation(
    snap: CutClip, folder: Path, request: ClipRequest, *, timezone: str, masks: Sequence[Mask] = ()
) -> CutClip:
    """The window's frames with the wall clock of `timezone`, the camera and what it is about stamped below.

    Masks are filled black. Time that no film shows stays as long as it is. Raises as `run_graph` does.
    """
    zone = ZoneInfo(timezone)

    def drawn(picture: Any, file: ClipFile) -> Any:
        for mask in masks:
            box = mask.box(*shown_size(file))
            picture = picture.filter("drawbox", *box, color="black", thickness="fill")
        return _stamped(picture, file, folder, request=request, zone=zone)

    clip = encode_anew(snap, folder, "presentation", drawn)
    sized = tuple(
        replace(file, width=shown_size(file)[0], height=shown_size(file)[1] + band_for(file.width).height)
        for file in clip.manifest.files
    )
    return replace(clip, manifest=replace(clip.manifest, files=sized))


def contact_sheet(film: Path, frames: int, target: Path) -> Picture:
    """Nine pictures of a film, evenly spread, side by side as one JPEG; of a stamped film each has its time.

    Raises as `run_graph` does.
    """
    step = max(1, frames // _SHEET_PICTURES)
    picture = film_input(film).video.filter("select", f"not(mod(n,{step}))*lt(n,{step * _SHEET_PICTURES})")
    picture = picture.filter("scale", _SHEET_WIDTH, -2).filter("tile", "3x3", padding=6, color="white")
    run_graph(film_output(picture, path=target, container="image2", vcodec="mjpeg", vframes=1, **{"q:v": 3}))
    return Picture(target, file_sha256(target))


def scan_stills(film: Path, file: ClipFile, scans: Sequence[Scan], folder: Path) -> list[Picture]:
    """The frame that was shown at each scan, as JPEGs in order of time; scans of one frame share it.

    Scans that the film does not show, and those after the first 60 frames, have none. Raises as `run_graph`.
    """
    times = _frame_times(film)
    shown: dict[int, list[Scan]] = {}
    for scan in sorted(scans, key=lambda scan: (scan.at, scan.label)):
        seconds = _place(file, scan.at)
        if seconds is not None:
            shown.setdefault(max(0, bisect_right(times, seconds + 1e-6) - 1), []).append(scan)
    numbers = sorted(shown)[:MAX_STILLS]
    if not numbers:
        return []
    picture = film_input(film).video.filter("select", "+".join(f"eq(n,{number})" for number in numbers))
    named = folder / f"{film.stem}-still-%02d.jpg"
    run_graph(
        film_output(picture, path=named, container="image2", vcodec="mjpeg", fps_mode="passthrough",
                    **{"q:v": 2})
    )  # fmt: skip
    paths = [folder / f"{film.stem}-still-{place:02d}.jpg" for place in range(1, len(numbers) + 1)]
    return [
        Picture(path, file_sha256(path), round(times[number], 6), tuple(shown[number]))
        for path, number in zip(paths, numbers, strict=True)
    ]


def _stamped(picture: Any, file: ClipFile, folder: Path, *, request: ClipRequest, zone: ZoneInfo) -> Any:
    """The picture above its band; the clock's seconds turn over when they turned over at the camera."""
    band = band_for(shown_size(file)[0])
    began = shown_from(file.parts[0])
    local = began.astimezone(zone)
    caption = folder / f"caption-{file.name}.png"
    write_caption(
        band, caption, zone=f"{local:%Z} (UTC{local:%z})", kind="Presentation copy", subject=_subject(request)
    )
    whole = floor(began.timestamp())
    fraction = f"{began.timestamp() - whole:.6f}"
    shift = int((local.utcoffset() or timedelta()).total_seconds())
    clock = folder / f"clock-{file.name}.txt"
    # The clock's own words: no text of the claim's reaches the encoder but as pixels of the caption.
    clock.write_text(f"%{{pts:gmtime:{whole + shift}:%d %b %Y %H\\:%M\\:%S}}", encoding="utf-8")
    picture = picture.filter("pad", "iw", f"ih+{band.height}", 0, 0, color="black")
    picture = picture.overlay(picture_input(caption), x=0, y=f"main_h-{band.height}")
    picture = picture.filter("setpts", f"PTS+{fraction}/TB")
    picture = picture.filter("drawtext", textfile=str(clock.resolve()), expansion="normal", **_clock_at(band))
    return picture.filter("setpts", f"PTS-{fraction}/TB")


def _clock_at(band: Band) -> dict[str, Any]:
    edge = round(band.letter_pixels * 0.625)
    return {
        "fontfile": str(clock_font()), "fontsize": band.letter_pixels, "fontcolor": "white", "x": edge,
        "y": f"h-{band.height}+{round(band.letter_pixels * 0.25)}",
    }  # fmt: skip


def _subject(request: ClipRequest) -> str:
    named = (("Camera", request.camera_code), ("AWB", request.awb_no), ("RTV", request.rtv_no))
    return "   ".join(f"{name} {' '.join(value.split())}" for name, value in named if value)


def _place(file: ClipFile, at: datetime) -> float | None:
    """Where in a file a true time is, in seconds; None when no frame of it shows that time."""
    for part in file.parts:
        began, end = datetime.fromisoformat(part.first_frame_at), datetime.fromisoformat(part.end_at)
        if began <= at < end:
            return part.clip_start_seconds + (at - began).total_seconds()
    return None


def _frame_times(film: Path) -> list[float]:
    """When each frame is shown, in seconds, in order."""
    with av.open(str(film), options={"protocol_whitelist": "file"}) as source:
        packets = source.demux(source.streams.video[0])
        return sorted(float(packet.pts * packet.time_base) for packet in packets if packet.pts is not None)
