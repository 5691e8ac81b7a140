"""Lays films under a world's cameras: made ones, or a user's own, named as MediaMTX names them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

import av

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.film_picture import FRAMES_A_SECOND, HEIGHT, WIDTH, Plane, frames
from rtv_cli.simulator.model import Camera
from rtv_cli.simulator.scenes import Scene, pick_scenes
from rtv_core.errors import InvalidInput

SEGMENT_SECONDS = 60
OWN_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".webm"})
# Quick to make and the same bytes each time: one thread, no rate control that looks at the clock.
ENCODER = {
    "preset": "ultrafast",
    "crf": "30",
    "threads": "1",
    "x264-params": "keyint=20:min-keyint=20:scenecut=0",
}


@dataclass(frozen=True, slots=True)
class LaidFilm:
    """One film below the footage folder."""

    camera_code: str
    started_at: datetime
    ended_at: datetime
    path: Path
    sha256: str

    def footage_row(self) -> tuple[str, ...]:
        """The row of the `footage` input that names it; times by the camera's clock."""
        uri = "/".join(self.path.parts[-3:])
        return self.camera_code, self.started_at.isoformat(), self.ended_at.isoformat(), uri, self.sha256


def lay_films(
    footage: Path,
    world: World,
    *,
    films: int,
    own_films: Path | None = None,
    tenant_code: str = "default",
    on_progress: Callable[[str, int, int], None] | None = None,
) -> list[LaidFilm]:
    """Film up to `films` moments of the world into `footage`/<tenant>/<camera>/; returns the files laid."""
    folder = footage / tenant_code
    if own_films is not None:
        return use_films(own_films, world, folder, films=films)
    scenes = pick_scenes(world, films)
    laid: list[LaidFilm] = []
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        for number, made in enumerate(pool.map(make_film, [folder] * len(scenes), scenes), 1):
            laid.extend(made)
            if on_progress:
                on_progress("films", number, len(scenes))
    return laid


def film_path(folder: Path, camera: Camera, started_at: datetime, suffix: str) -> Path:
    """Where MediaMTX would put a film that began then by the camera's clock."""
    local = started_at.astimezone(ZoneInfo(camera.timezone))
    path = folder / camera.camera_code / f"{local:%Y-%m-%d_%H-%M-%S-%f}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def make_film(folder: Path, scene: Scene) -> list[LaidFilm]:
    """Film one scene as segments of a minute each, one after the other without a gap."""
    laid: list[LaidFilm] = []
    pictures = frames(scene)
    total = round(scene.seconds * FRAMES_A_SECOND)
    for first in range(0, total, SEGMENT_SECONDS * FRAMES_A_SECOND):
        count = min(SEGMENT_SECONDS * FRAMES_A_SECOND, total - first)
        started_at = scene.camera_started_at + timedelta(seconds=first / FRAMES_A_SECOND)
        path = film_path(folder, scene.camera, started_at, ".mp4")
        _encode(path, islice(pictures, count))
        laid.append(_laid(scene.camera, started_at, count / FRAMES_A_SECOND, path))
    return laid


def _encode(path: Path, pictures: Iterator[Plane]) -> None:
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["comment"] = "synthetic"
        stream = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=ENCODER)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FRAMES_A_SECOND)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _laid(camera: Camera, started_at: datetime, seconds: float, path: Path) -> LaidFilm:
    local = started_at.astimezone(ZoneInfo(camera.timezone))
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return LaidFilm(camera.camera_code, local, local + timedelta(seconds=seconds), path, sha256)


def use_films(own_films: Path, world: World, folder: Path, *, films: int = 20) -> list[LaidFilm]:
    """Lay a user's own films where the world's cameras would have filmed; each once a camera."""
    sources = own_film_files(own_films)
    used: set[tuple[str, Path]] = set()
    laid: list[LaidFilm] = []
    for number, scene in enumerate(pick_scenes(world, films)):
        turns = sources[number % len(sources) :] + sources[: number % len(sources)]
        # The same bytes twice on one camera are one film to the index.
        source = next((entry for entry in turns if (scene.camera.camera_code, entry[0]) not in used), None)
        if source is None:
            continue
        used.add((scene.camera.camera_code, source[0]))
        path = film_path(folder, scene.camera, scene.camera_started_at, source[0].suffix.lower())
        _link(source[0], path)
        laid.append(_laid(scene.camera, scene.camera_started_at, source[1], path))
    return laid


def own_film_files(folder: Path) -> list[tuple[Path, float]]:
    """The films of a folder with their length in seconds; says so when there is none that opens."""
    paths = sorted(folder.rglob("*")) if folder.is_dir() else []
    timed = [(path, _seconds(path)) for path in paths if path.suffix.lower() in OWN_SUFFIXES]
    found = [(path, seconds) for path, seconds in timed if seconds > 0]
    if not found:
        raise InvalidInput(
            f"No film that can be read lies in {folder}",
            remedy=f"Name a folder with films ({', '.join(sorted(OWN_SUFFIXES))}).",
            code="SIMULATOR_NO_FILMS",
        )
    return found


def _seconds(path: Path) -> float:
    try:
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            has_picture = bool(container.streams.video)
            return container.duration / av.time_base if has_picture and container.duration else 0.0
    except (av.error.FFmpegError, OSError):
        return 0.0


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
