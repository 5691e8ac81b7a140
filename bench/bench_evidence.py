"""Snap clips beside ffmpeg's stream copy, in one run, in CPU seconds: 20 s of 720p15 H.264, 2 s GOP."""

from __future__ import annotations

import hashlib
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np

from rtv_core.evidence.barcodes import scan_codes
from rtv_core.evidence.cutter import cut_snap
from rtv_core.evidence.film import read_film
from rtv_core.evidence.runner import film_input, film_output, run_graph
from rtv_core.evidence.windows import cover
from rtv_core.model.clip import Segment
from rtv_core.model.window import ClipRequest

_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
_SECONDS = 60
_CLIPS = 100
_PEER_CLIPS = 10


def _film(path: Path) -> Path:
    """A minute of a bay: a still ground with shades, a parcel that moves, about 1 Mbit a second."""
    across, down = np.meshgrid(np.arange(1280), np.arange(720))
    ground = np.stack([(across // 5 + down // 4) % 200] * 3, axis=-1).astype(np.uint8)
    rng = np.random.default_rng(7)
    parcel = np.kron(rng.integers(40, 220, (25, 25, 3), dtype=np.uint8), np.ones((8, 8, 1), dtype=np.uint8))
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.options = {"preset": "ultrafast", "g": "30", "crf": "23"}
        for number in range(_SECONDS * 15):
            view = ground.copy()
            at = number * 9 % 1080
            view[260:460, at : at + 200] = parcel
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(view, format="rgb24")))
        sink.mux(stream.encode(None))
    return path


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _each(count: int, work: Callable[[int], object]) -> tuple[float, float]:
    """CPU and wall seconds of one piece of work."""
    cpu, wall = _cpu(), time.perf_counter()
    for number in range(count):
        work(number)
    return (_cpu() - cpu) / count, (time.perf_counter() - wall) / count


def measure() -> dict[str, float]:
    """All figures of one run."""
    with tempfile.TemporaryDirectory(prefix="rtv-bench-") as scratch:
        folder = Path(scratch)
        path = _film(folder / "film.mp4")
        film = read_film(path)
        segment = Segment(
            1, "t", "c", path.as_uri(), None, film.sha256, film.samples_root, film.table.count, _BEGAN,
            _BEGAN + timedelta(seconds=film.table.seconds),
        )  # fmt: skip

        def snap(number: int) -> None:
            start = _BEGAN + timedelta(seconds=number % 38)
            request = ClipRequest(
                tenant_code="t",
                camera_code="c",
                window_start_at=start,
                window_end_at=start + timedelta(seconds=20),
            )
            clip = cut_snap(request, cover(request.window, [segment]), lambda _: film.table, folder)
            assert clip is not None

        def ffmpeg_copy(number: int) -> None:
            source = film_input(path, ss=number * 4 % 38, t=20)
            run_graph(film_output(source.video, path=folder / "peer.mp4", container="mp4", c="copy"))

        def ffmpeg_encode(number: int) -> None:
            source = film_input(path, ss=number * 4 % 38, t=20)
            run_graph(
                film_output(
                    source.video,
                    path=folder / "peer.mp4",
                    container="mp4",
                    vcodec="libx264",
                    preset="veryfast",
                )
            )

        def sha256(_: int) -> None:
            with path.open("rb") as stream:
                hashlib.file_digest(stream, "sha256")

        snap_cpu, snap_wall = _each(_CLIPS, snap)
        copy_cpu, copy_wall = _each(_PEER_CLIPS, ffmpeg_copy)
        encode_cpu, _ = _each(1, ffmpeg_encode)
        _, index_wall = _each(5, lambda _: read_film(path))
        _, hash_wall = _each(5, sha256)
        scan_cpu, _ = _each(1, lambda _: scan_codes(path))
        return {
            "film_mb": round(path.stat().st_size / 1e6, 1),
            "snap_cpu_ms": round(snap_cpu * 1000, 2),
            "snap_wall_ms": round(snap_wall * 1000, 2),
            "snap_clips_per_cpu_second": round(1 / snap_cpu, 1),
            "ffmpeg_copy_cpu_ms": round(copy_cpu * 1000, 2),
            "ffmpeg_copy_wall_ms": round(copy_wall * 1000, 2),
            "ffmpeg_veryfast_cpu_ms": round(encode_cpu * 1000, 2),
            "snap_over_ffmpeg_copy": round(copy_cpu / snap_cpu, 1),
            "index_wall_ms": round(index_wall * 1000, 2),
            "sha256_wall_ms": round(hash_wall * 1000, 2),
            "index_of_sha256": round(hash_wall / index_wall, 2),
            "scan_times_real_time_720p": round(_SECONDS / scan_cpu, 1),
        }


def run() -> None:
    """Print the figures."""
    print(json.dumps(measure(), indent=2))


if __name__ == "__main__":
    run()
