"""Clips encoded anew: the window's frames and no other, at their own times; what people see is stamped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from test_snap import Shelf

from rtv_core.evidence.encoded import Mask, contact_sheet, cut_presentation, encode_whole
from rtv_core.model.window import ClipRequest
from tests.fixtures.films import frame_hashes, write_film

_FILMS = {
    "h264-b": ("film.mp4", {"b_frames": 2}),
    "h264-vfr": ("film.mp4", {"is_variable": True}),
    "h265": ("film.mp4", {"codec": "libx265"}),
    "h264-ts": ("film.ts", {}),
    "vp8-webm": ("film.webm", {"codec": "libvpx"}),
    "mpeg4-avi": ("film.avi", {"codec": "mpeg4"}),
}


def _numbers(path: Path) -> list[tuple[float, int]]:
    """When each frame is shown, and the number it carries in its top band."""
    found = []
    with av.open(str(path)) as source:
        for frame in source.decode(source.streams.video[0]):
            band = frame.to_ndarray(format="gray")[4:12, : 16 * 8]
            bits = [band[:, 16 * bit + 4 : 16 * bit + 12].mean() > 128 for bit in range(8)]
            number = sum(1 << bit for bit, is_on in enumerate(bits) if is_on)
            found.append((round(float(frame.pts * frame.time_base), 3), number))
    return found


@pytest.mark.parametrize("kind", _FILMS)
def test_an_exact_clip_shows_the_windows_frames_alone(kind: str, tmp_path: Path) -> None:
    name, options = _FILMS[kind]
    path = write_film(tmp_path / name, **options)  # type: ignore[arg-type]
    shelf = Shelf()
    shelf.add(path)
    snap = shelf.cut(tmp_path / "cut", 2.5, 4.5)
    assert snap is not None
    clip = encode_whole(snap, tmp_path / "cut")
    (file,) = clip.manifest.files
    (part,) = file.parts
    shown = _numbers(clip.paths[0])
    first = 24 if kind == "h264-vfr" else 25
    assert [number for _, number in shown] == list(range(first, 45))
    times = [at for at, _ in _numbers(path)[first:45]]
    assert [at for at, _ in shown] == pytest.approx([at - times[0] for at in times], abs=0.002)
    assert (part.frames, part.pre_roll_frames, part.post_roll_frames) == (len(shown), 0, 0)
    assert clip.manifest.cut_mode == "exact"
    assert snap.manifest.files[0].sha256 in clip.manifest.findings[-1]


def test_no_frame_hides_between_two_films(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "one.mp4", seconds=4.0))
    shelf.add(write_film(tmp_path / "two.mp4", seconds=4.0, first_number=60), 4.0)
    snap = shelf.cut(tmp_path / "cut", 3.0, 5.0)
    assert snap is not None
    clip = encode_whole(snap, tmp_path / "cut")
    numbers = [number for path in clip.paths for _, number in _numbers(path)]
    assert numbers == [*range(30, 40), *range(60, 70)]


def test_a_presentation_clip_is_stamped_masked_and_the_same_again(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "film.mp4", pictures=[np.full((360, 640, 3), 128, np.uint8)] * 40))
    snap = shelf.cut(tmp_path / "cut", 1.0, 3.0)
    assert snap is not None
    request = ClipRequest(
        tenant_code="acme", camera_code="cam-1", awb_no="AWB%{n}:1;drawbox", rtv_no="RTV-1",
        window_start_at=datetime(2026, 11, 1, 10, 0, 1, tzinfo=UTC),
        window_end_at=datetime(2026, 11, 1, 10, 0, 3, tzinfo=UTC),
    )  # fmt: skip
    masks = [Mask(100, 50, 80, 40)]
    clips = []
    for number in range(2):
        folder = tmp_path / f"made-{number}"
        folder.mkdir()
        clips.append(cut_presentation(snap, folder, request, timezone="Asia/Kolkata", masks=masks))
    assert clips[0].manifest.files[0].sha256 == clips[1].manifest.files[0].sha256
    with av.open(str(clips[0].paths[0])) as source:
        frames = [frame.to_ndarray(format="gray") for frame in source.decode(source.streams.video[0])]
    assert len(frames) == 20
    assert frames[0].shape == (360 + 44, 640)
    sheet = tmp_path / "sheet.jpg"
    contact_sheet(clips[0].paths[0], len(frames), sheet)
    with av.open(str(sheet)) as source:
        drawn = next(source.decode(source.streams.video[0])).to_ndarray(format="gray")
    assert drawn.shape[1] == 3 * 480 + 2 * 6
    assert frames[0][60:80, 110:170].max() < 40, "the mask is black"
    assert abs(int(frames[0][200, 300]) - 128) < 12, "the rest is not"
    band = [frame[360:384, 10:250] for frame in frames]
    assert band[0].max() > 180, "something is written"
    turned = [n for n in range(1, 20) if np.abs(band[n].astype(int) - band[n - 1]).max() > 90]
    assert turned == [10], "the clock turns over once, after a second"


def test_the_clock_turns_over_when_it_did_at_the_camera(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "film.mp4", pictures=[np.full((360, 640, 3), 128, np.uint8)] * 40))
    shelf.segments[0] = replace(
        shelf.segments[0],
        started_at=shelf.segments[0].started_at + timedelta(seconds=0.5),
        ended_at=shelf.segments[0].ended_at + timedelta(seconds=0.5),
    )
    snap = shelf.cut(tmp_path / "cut", 0.5, 2.5)
    assert snap is not None
    request = ClipRequest(
        tenant_code="acme", camera_code="cam-1", window_start_at=datetime(2026, 11, 1, 10, tzinfo=UTC),
        window_end_at=datetime(2026, 11, 1, 10, 0, 2, tzinfo=UTC),
    )  # fmt: skip
    clip = cut_presentation(snap, tmp_path / "cut", request, timezone="Asia/Kolkata")
    with av.open(str(clip.paths[0])) as source:
        band = [f.to_ndarray(format="gray")[360:384, 10:250] for f in source.decode(source.streams.video[0])]
    turned = [n for n in range(1, len(band)) if np.abs(band[n].astype(int) - band[n - 1]).max() > 90]
    assert turned == [5, 15]
    assert len(frame_hashes(clip.paths[0])) == 20
