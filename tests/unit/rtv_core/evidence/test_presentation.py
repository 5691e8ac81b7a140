"""Presentation clips: stamped, masked at every size, with stills of the scans; the same bytes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from rtv_core.evidence.caption import band_for, write_caption
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.presentation import Scan, contact_sheet, cut_presentation, scan_stills
from rtv_core.model.mask import Mask
from rtv_core.model.window import ClipRequest
from tests.fixtures.films import frame_hashes, join_films, picture, write_film
from tests.fixtures.shelf import Shelf

_BEGAN = datetime(2026, 11, 1, 10, tzinfo=UTC)


def _request(**texts: str) -> ClipRequest:
    return ClipRequest(
        tenant_code="acme", camera_code="cam-1", window_start_at=_BEGAN,
        window_end_at=_BEGAN + timedelta(seconds=4), **texts,
    )  # fmt: skip


def _greys(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as source:
        return [frame.to_ndarray(format="gray") for frame in source.decode(source.streams.video[0])]


def _grey_film(tmp_path: Path, *sizes: tuple[int, int]) -> CutClip:
    """Two seconds of grey in each size, in one film."""
    parts = [
        write_film(tmp_path / f"{width}.ts", pictures=[np.full((height, width, 3), 128, np.uint8)] * 20)
        for width, height in sizes
    ]
    shelf = Shelf()
    shelf.add(join_films(tmp_path / "film.ts", parts, 2.0))
    snap = shelf.cut(tmp_path / "cut", 0.0, 2.0 * len(sizes))
    assert snap is not None
    return snap


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
    masks = [Mask(100 / 6.4, 50 / 3.6, 80 / 6.4, 40 / 3.6)]
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


def test_masks_cover_the_same_place_of_every_frame_when_the_film_changes_its_size(tmp_path: Path) -> None:
    snap = _grey_film(tmp_path, (320, 240), (480, 270), (160, 96))
    clip = cut_presentation(
        snap, tmp_path / "cut", _request(), timezone="UTC", masks=[Mask(25, 50, 30.3, 20), Mask(0, 0, 7, 7)]
    )
    frames = _greys(clip.paths[0])
    assert len(frames) == 60
    for frame in frames:
        assert frame[120:168, 80:176].max() < 40
        assert frame[:16, :22].max() < 40
        assert abs(int(frame[100, 200]) - 128) < 12


@pytest.mark.parametrize(
    ("width", "height", "mask"), [(641, 361, Mask(33.3, 33.3, 33.3, 33.3)), (99, 55, Mask(1, 1, 99, 99))]
)
def test_a_mask_covers_at_least_its_share_of_the_pixels(width: int, height: int, mask: Mask) -> None:
    left, top, wide, high = mask.box(width, height)
    assert left <= mask.left_pct * width / 100 <= left + 2
    assert top <= mask.top_pct * height / 100 <= top + 2
    assert left + wide >= (mask.left_pct + mask.width_pct) * width / 100
    assert top + high >= (mask.top_pct + mask.height_pct) * height / 100
    assert not any(pixels % 2 for pixels in (left, top, wide, high)), "colour has one sample for each four"


@pytest.mark.parametrize("values", [(0, 0, 0, 10), (60, 0, 50, 10), (-1, 0, 5, 5), (0, 0, 5, float("nan"))])
def test_a_mask_outside_the_picture_or_of_nothing_is_none(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="within the picture"):
        Mask(*values)


def test_texts_of_a_claim_change_the_band_alone(tmp_path: Path) -> None:
    snap = _grey_film(tmp_path, (640, 360))
    hostile = "x',drawbox=color=red:t=fill[a];[a]movie=/etc/passwd %{pts} \\n #set page(width: 1pt)"
    shown = []
    for number, text in enumerate(("AWB1", hostile)):
        folder = tmp_path / f"made-{number}"
        folder.mkdir()
        clip = cut_presentation(snap, folder, _request(awb_no=text, rtv_no=text), timezone="UTC")
        shown.append(_greys(clip.paths[0]))
        assert all(text not in path.read_text() for path in folder.glob("*.txt"))
    plain, other = (np.stack(frames) for frames in shown)
    assert plain.shape == other.shape
    assert np.abs(plain[:, :350].astype(int) - other[:, :350]).max() < 16, "the picture is the same"
    assert np.abs(plain[:, 382:].astype(int) - other[:, 382:]).max() > 90, "the band says something else"


# Beside each: what it would look like without its glyph (no font has U+E000), or without its letters joined.
@pytest.mark.parametrize(
    ("text", "broken"),
    [("₹", "\ue000"), ("क", "\ue000"), ("த", "\ue000"), ("क्ष", "क्\u200cष"), ("க்ஷ", "க்\u200cஷ")],
)
def test_each_script_has_its_glyphs_and_joins_its_letters(text: str, broken: str, tmp_path: Path) -> None:
    drawn = []
    for name, subject in (("it", text), ("broken", broken)):
        write_caption(band_for(640), tmp_path / name, zone="", kind="", subject=subject)
        with av.open(str(tmp_path / name), format="png_pipe") as source:
            drawn.append(next(source.decode(video=0)).to_ndarray(format="gray"))
    assert drawn[0].max() > 180
    assert not np.array_equal(*drawn)


def test_a_scan_gets_the_frame_that_was_shown_then(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "film.mp4", pictures=[picture(at, 320, 240) for at in range(40)]))
    snap = shelf.cut(tmp_path / "cut", 1.0, 3.0)
    assert snap is not None
    clip = cut_presentation(snap, tmp_path / "cut", _request(), timezone="UTC")
    (file,) = clip.manifest.files
    scans = [Scan(_BEGAN + timedelta(seconds=at), str(at)) for at in (1.55, 1.5, 2.9, 0.5, 3.5)]
    stills = scan_stills(clip.paths[0], file, scans, tmp_path)
    assert [(still.film_seconds, [scan.label for scan in still.scans]) for still in stills] == [
        (0.5, ["1.5", "1.55"]),
        (1.9, ["2.9"]),
    ]
    frames = _greys(clip.paths[0])
    for still, number in zip(stills, (5, 19), strict=True):
        (drawn,) = _greys(still.path)
        assert np.abs(drawn.astype(int) - frames[number]).mean() < 3
        assert np.abs(drawn.astype(int) - frames[number - 3]).mean() > 6
    assert scan_stills(clip.paths[0], file, [], tmp_path) == []
