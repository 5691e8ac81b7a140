"""Snap clips: every sample is the original's bit for bit, and every frame decodes to the original's."""

from datetime import timedelta
from pathlib import Path

import pytest

from rtv_core.errors import IntegrityError
from rtv_core.evidence.packet_copy import sample_leaves
from rtv_core.model.window import Window
from tests.fixtures.films import frame_hashes, write_film
from tests.fixtures.shelf import BEGAN, Shelf

_DEMUXER = {"mp4": "mov", "matroska": "matroska", "mpegts": "mpegts"}


_FILMS = {
    "h264-b": ("film.mp4", {"b_frames": 2}, "mp4"),
    "h264": ("film.mp4", {"b_frames": 0}, "mp4"),
    "h264-vfr": ("film.mp4", {"is_variable": True}, "mp4"),
    "h264-sound": ("film.mp4", {"has_audio": True}, "mp4"),
    "h264-fragmented": ("film.mp4", {"options": {"movflags": "frag_keyframe+empty_moov"}}, "mp4"),
    "h265": ("film.mp4", {"codec": "libx265"}, "mp4"),
    "h264-mkv": ("film.mkv", {}, "mp4"),
    "h265-mkv": ("film.mkv", {"codec": "libx265"}, "mp4"),
    "h264-ts": ("film.ts", {}, "mpegts"),
    "vp8-webm": ("film.webm", {"codec": "libvpx"}, "matroska"),
    "vp9-webm": ("film.webm", {"codec": "libvpx-vp9"}, "matroska"),
    "mpeg4-avi": ("film.avi", {"codec": "mpeg4"}, "matroska"),
}


@pytest.mark.parametrize("kind", _FILMS)
def test_samples_and_decoded_frames_are_those_of_the_original(kind: str, tmp_path: Path) -> None:
    name, options, container = _FILMS[kind]
    path = write_film(tmp_path / name, **options)  # type: ignore[arg-type]
    shelf = Shelf()
    shelf.add(path)
    clip = shelf.cut(tmp_path / "cut", 2.5, 4.5)
    assert clip is not None
    (file,) = clip.manifest.files
    (part,) = file.parts
    assert file.container == container
    table = shelf.tables[0]
    places = set(range(part.first_sample, part.end_sample)) - set(part.left_out_samples)
    taken = [leaf for place, leaf in enumerate(table.leaves) if place in places]
    assert sample_leaves(clip.paths[0], _DEMUXER[container]) == taken
    original = [digest for _, digest in frame_hashes(path)]
    shown = [digest for _, digest in frame_hashes(clip.paths[0])]
    at = original.index(shown[0])
    assert shown == original[at : at + len(shown)]
    assert at == 20, "the clip begins at the keyframe before the window"
    # Of variable rate, the frame of 2.4 s is still on screen when the window begins.
    assert part.pre_roll_frames == (4 if kind == "h264-vfr" else 5)
    assert len(shown) == part.frames == 25 + part.post_roll_frames
    assert part.post_roll_frames <= 3
    assert not clip.manifest.gaps
    assert part.first_frame_at == (BEGAN + timedelta(seconds=2)).isoformat()


def test_the_same_cut_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, options in (("film.mp4", {}), ("film.webm", {"codec": "libvpx"})):
        shelf = Shelf()
        shelf.add(write_film(tmp_path / name, **options))  # type: ignore[arg-type]
        clips = [shelf.cut(tmp_path / f"{number}{name}", 1, 3) for number in range(2)]
        assert clips[0] is not None
        assert clips[1] is not None
        assert clips[0].manifest == clips[1].manifest
        assert clips[0].paths[0].read_bytes() == clips[1].paths[0].read_bytes()


def test_frames_stand_at_their_own_time_in_the_clip(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", is_variable=True)
    shelf = Shelf()
    shelf.add(path)
    clip = shelf.cut(tmp_path / "cut", 2, 6)
    assert clip is not None
    original = [(at - 2.0, digest) for at, digest in frame_hashes(path)][20:]
    shown = frame_hashes(clip.paths[0])
    assert [digest for _, digest in shown] == [digest for _, digest in original]
    assert [at for at, _ in shown] == pytest.approx([at for at, _ in original], abs=1e-4)


def test_a_window_over_films_and_a_gap_is_one_clip_that_shows_the_gap(tmp_path: Path) -> None:
    shelf = Shelf()
    paths = [write_film(tmp_path / f"{number}.mp4", first_number=number * 60) for number in range(3)]
    for path, start in zip(paths, (0, 6, 15), strict=True):
        shelf.add(path, start)
    clip = shelf.cut(tmp_path / "cut", 4, 17)
    assert clip is not None
    (file,) = clip.manifest.files
    assert [part.clip_start_seconds for part in file.parts] == [0, 2, 11]
    (gap,) = clip.manifest.gaps
    assert gap.seconds == 3
    assert gap.start_at == (BEGAN + timedelta(seconds=12)).isoformat()
    shown = frame_hashes(clip.paths[0])
    wanted = [
        *((at - 4, digest) for at, digest in frame_hashes(paths[0])[40:]),
        *((at + 2, digest) for at, digest in frame_hashes(paths[1])),
        *((at + 11, digest) for at, digest in frame_hashes(paths[2])[: file.parts[2].frames]),
    ]
    assert [digest for _, digest in shown] == [digest for _, digest in wanted]
    assert [at for at, _ in shown] == pytest.approx([at for at, _ in wanted], abs=1e-4)


def test_films_of_other_codecs_become_files_of_their_own(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "one.mp4"))
    shelf.add(write_film(tmp_path / "two.mp4", codec="libx265"), 6)
    clip = shelf.cut(tmp_path / "cut", 4, 8)
    assert clip is not None
    assert [(file.codec, len(file.parts)) for file in clip.manifest.files] == [("h264", 1), ("hevc", 1)]
    assert all(path.exists() for path in clip.paths)


def test_the_clock_of_the_camera_is_corrected_and_stated(tmp_path: Path) -> None:
    shelf = Shelf()
    path = write_film(tmp_path / "film.mp4")
    shelf.add(path)
    clip = shelf.cut(tmp_path / "cut", 1, 3, offset=2.0)
    assert clip is not None
    assert clip.manifest.clock_offset_seconds == 2.0
    part = clip.manifest.files[0].parts[0]
    assert part.first_frame_at == (BEGAN + timedelta(seconds=0)).isoformat()
    assert frame_hashes(clip.paths[0])[0][1] == frame_hashes(path)[20][1]


def test_a_window_before_the_film_begins_shows_the_missing_part_as_a_gap(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "film.mp4"))
    clip = shelf.cut(tmp_path / "cut", -5, 2)
    assert clip is not None
    assert [gap.seconds for gap in clip.manifest.gaps] == [5]
    assert shelf.cut(tmp_path / "none", 20, 30) is None


def test_a_film_changed_since_it_was_indexed_is_refused(tmp_path: Path) -> None:
    for name, options in (("film.mp4", {}), ("film.webm", {"codec": "libvpx"})):
        shelf = Shelf()
        path = write_film(tmp_path / name, **options)  # type: ignore[arg-type]
        shelf.add(path)
        row = shelf.tables[0].rows[30]
        data = bytearray(path.read_bytes())
        data[int(row["offset"]) + int(row["size"]) // 2] ^= 1
        path.write_bytes(data)
        with pytest.raises(IntegrityError) as caught:
            shelf.cut(tmp_path / f"cut-{name}", 2, 5)
        assert caught.value.code == "FOOTAGE_CHANGED"


def test_a_window_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Window(start_at=BEGAN, end_at=BEGAN)
