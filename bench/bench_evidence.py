"""Clips beside ffmpeg and a plain smart cut, in one run, in CPU seconds: 20 s of 720p15 H.264, 2 s GOP."""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import av
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.peer_smart_cut import smart_cut
from rtv_core.evidence.barcodes import scan_codes
from rtv_core.evidence.bundle import BundleContents, write_bundle
from rtv_core.evidence.cutter import CutClip, cut_snap
from rtv_core.evidence.film import read_film
from rtv_core.evidence.notes import SealKey, public_key_text
from rtv_core.evidence.runner import film_input, film_output, run_graph
from rtv_core.evidence.smart_cut import cut_exact
from rtv_core.evidence.verify import Outcome, judge_bundle
from rtv_core.evidence.windows import cover
from rtv_core.model.clip import Segment
from rtv_core.model.window import ClipRequest

_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
_SECONDS = 60
_CLIPS = 100
_PEER_CLIPS = 10
_EXACT_CLIPS = 20
_BUNDLE_BYTES = 60_000_000
_LARGE_SECONDS = 20


def _film(path: Path, width: int = 1280, height: int = 720, seconds: int = _SECONDS) -> Path:
    """A bay: a still ground with shades, a parcel that moves, about 1 Mbit a second."""
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    ground = np.stack([(across // 5 + down // 4) % 200] * 3, axis=-1).astype(np.uint8)
    rng = np.random.default_rng(7)
    parcel = np.kron(rng.integers(40, 220, (25, 25, 3), dtype=np.uint8), np.ones((8, 8, 1), dtype=np.uint8))
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "ultrafast", "g": "30", "crf": "23"}
        for number in range(seconds * 15):
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


def _again(work: Callable[[int], object], number: int, _: int) -> None:
    work(number)


def _bundle(path: Path) -> str:
    """A signed bundle of 60 MB; returns the key to trust."""
    key = SealKey("rtv-hub.local/log", Ed25519PrivateKey.generate())
    payload = {"facts.json": b'{"claim_no":"bench"}', "documents/scan.bin": bytes(_BUNDLE_BYTES)}
    with path.open("wb") as sink:
        write_bundle(sink, BundleContents("bench", "t", _BEGAN, payload), key)
    return public_key_text(key)


def _verify(path: Path, key: str) -> None:
    assert judge_bundle(path, key).outcome is Outcome.PROVEN


def _start_of(number: int) -> float:
    """Where a window begins: at all places between two keyframes, each as often."""
    return number * 1.9 % 38


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

        def snap(number: int) -> CutClip:
            return cut(number % 38)

        def cut(start_s: float) -> CutClip:
            start = _BEGAN + timedelta(seconds=start_s)
            request = ClipRequest(
                tenant_code="t",
                camera_code="c",
                window_start_at=start,
                window_end_at=start + timedelta(seconds=20),
            )
            clip = cut_snap(request, cover(request.window, [segment]), lambda _: film.table, folder)
            assert clip is not None
            return clip

        def exact(number: int) -> None:
            cut_exact(cut(_start_of(number)), folder)

        def peer(number: int) -> None:
            smart_cut(path, folder / "peer.mp4", _start_of(number), _start_of(number) + 20)

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
            subprocess.run(["sha256sum", str(path)], stdout=subprocess.DEVNULL, check=True)

        snap_cpu, snap_wall = _each(_CLIPS, snap)
        copy_cpu, copy_wall = _each(_PEER_CLIPS, ffmpeg_copy)
        encode_cpu, _ = _each(1, ffmpeg_encode)
        exact_cpu, _ = _each(_EXACT_CLIPS, exact)
        exact_worst = max(_each(1, partial(_again, exact, number))[0] for number in range(_EXACT_CLIPS))
        peer_cpu, _ = _each(_EXACT_CLIPS, peer)
        index_cpu, index_wall = _each(20, lambda _: read_film(path))
        hash_cpu, hash_wall = _each(20, sha256)
        scan_cpu, _ = _each(1, lambda _: scan_codes(path))
        large = _film(folder / "large.mp4", 1920, 1080, _LARGE_SECONDS)
        large_cpu, _ = _each(1, lambda _: scan_codes(large))
        key = _bundle(folder / "bundle.zip")
        verify_cpu, verify_wall = _each(3, lambda _: _verify(folder / "bundle.zip", key))
        return {
            "film_mb": round(path.stat().st_size / 1e6, 1),
            "snap_cpu_ms": round(snap_cpu * 1000, 2),
            "snap_wall_ms": round(snap_wall * 1000, 2),
            "snap_clips_per_cpu_second": round(1 / snap_cpu, 1),
            "ffmpeg_copy_cpu_ms": round(copy_cpu * 1000, 2),
            "ffmpeg_copy_wall_ms": round(copy_wall * 1000, 2),
            "ffmpeg_veryfast_cpu_ms": round(encode_cpu * 1000, 2),
            "exact_cpu_ms": round(exact_cpu * 1000, 1),
            "exact_worst_cpu_ms": round(exact_worst * 1000, 1),
            "pyav_smart_cut_cpu_ms": round(peer_cpu * 1000, 1),
            "exact_over_ffmpeg_veryfast": round(encode_cpu / exact_cpu, 1),
            "snap_over_ffmpeg_copy": round(copy_cpu / snap_cpu, 1),
            "index_cpu_ms": round(index_cpu * 1000, 2),
            "sha256sum_cpu_ms": round(hash_cpu * 1000, 2),
            "index_of_sha256sum_cpu": round(hash_cpu / index_cpu, 2),
            "index_of_sha256sum_wall": round(hash_wall / index_wall, 2),
            "scan_times_real_time_720p": round(_SECONDS / scan_cpu, 1),
            "scan_times_real_time_1080p": round(_LARGE_SECONDS / large_cpu, 1),
            "verify_60_mb_cpu_ms": round(verify_cpu * 1000, 1),
            "verify_60_mb_wall_ms": round(verify_wall * 1000, 1),
        }


def run() -> None:
    """Print the figures."""
    print(json.dumps(measure(), indent=2))


if __name__ == "__main__":
    run()
