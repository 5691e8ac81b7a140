"""Clips encoded anew: the window's frames and no other, at their own times."""

from __future__ import annotations

from pathlib import Path

import pytest

from rtv_core.evidence.encoded import encode_whole
from tests.fixtures.films import join_films, numbers_shown, picture, write_film
from tests.fixtures.shelf import Shelf

_SIZES = (((160, 96), range(20)), ((240, 144), range(20, 40)))
_FILMS = {
    "h264-b": ("film.mp4", {"b_frames": 2}),
    "h264-vfr": ("film.mp4", {"is_variable": True}),
    "h265": ("film.mp4", {"codec": "libx265"}),
    "h264-ts": ("film.ts", {}),
    "vp8-webm": ("film.webm", {"codec": "libvpx"}),
    "mpeg4-avi": ("film.avi", {"codec": "mpeg4"}),
}


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
    shown = numbers_shown(clip.paths[0])
    first = 24 if kind == "h264-vfr" else 25
    assert [number for _, number in shown] == list(range(first, 45))
    times = [at for at, _ in numbers_shown(path)[first:45]]
    assert [at for at, _ in shown] == pytest.approx([at - times[0] for at in times], abs=0.002)
    assert (part.frames, part.pre_roll_frames, part.post_roll_frames) == (len(shown), 0, 0)
    assert clip.manifest.cut_mode == "exact"
    assert snap.manifest.files[0].sha256 in clip.manifest.findings[-1]


def test_a_film_that_changes_its_size_keeps_its_frames_and_shows_no_other(tmp_path: Path) -> None:
    small, large = ([picture(at, *size) for at in span] for size, span in _SIZES)
    parts = [write_film(tmp_path / "1.ts", pictures=small), write_film(tmp_path / "2.ts", pictures=large)]
    shelf = Shelf()
    shelf.add(join_films(tmp_path / "film.ts", parts, 2.0))
    snap = shelf.cut(tmp_path / "cut", 0.5, 3.5)
    assert snap is not None
    clip = encode_whole(snap, tmp_path / "cut")
    numbers = [number for _, number in numbers_shown(clip.paths[0])]
    assert numbers[:15] == list(range(5, 20))
    assert len(numbers) == 30, "the window's frames alone, in both sizes"


def test_no_frame_hides_between_two_films(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "one.mp4", seconds=4.0))
    shelf.add(write_film(tmp_path / "two.mp4", seconds=4.0, first_number=60), 4.0)
    snap = shelf.cut(tmp_path / "cut", 3.0, 5.0)
    assert snap is not None
    clip = encode_whole(snap, tmp_path / "cut")
    numbers = [number for path in clip.paths for _, number in numbers_shown(path)]
    assert numbers == [*range(30, 40), *range(60, 70)]
