"""Exact clips: no frame off at either end, none hidden; what is copied decodes to the original's pixels."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from rtv_core.evidence import nal
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.packet_copy import sample_leaves
from rtv_core.evidence.smart_cut import cut_exact
from tests.fixtures.films import frame_hashes, write_film
from tests.fixtures.shelf import Shelf

_FILMS = {
    "h264": ("film.mp4", {"b_frames": 0}),
    "h264-b": ("film.mp4", {"b_frames": 2}),
    "h264-vfr-b": ("film.mp4", {"is_variable": True}),
    "h264-sound": ("film.mp4", {"has_audio": True}),
    "h264-mkv": ("film.mkv", {}),
    "h264-fragmented": ("film.mp4", {"options": {"movflags": "frag_keyframe+empty_moov"}}),
    "h265": ("film.mp4", {"codec": "libx265", "b_frames": 0}),
    "h265-b": ("film.mp4", {"codec": "libx265", "b_frames": 2}),
    "h265-vfr": ("film.mp4", {"codec": "libx265", "is_variable": True}),
}
# Start, end, and how many frames are encoded anew without and with B-frames: 10 a second, a keyframe each 20.
_WINDOWS = {
    "middle to middle": (2.5, 4.5, 15, 16),
    "keyframe to keyframe": (2.0, 4.0, 0, 1),
    "within one group": (2.1, 2.9, 8, 8),
    "the frame before a keyframe": (1.9, 5.3, 1, 4),
    "the whole film": (0.0, 6.0, 0, 0),
    "up to the end": (5.5, 7.0, 5, 6),
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    made = {}
    for kind, (name, options) in _FILMS.items():
        (folder / kind).mkdir()
        made[kind] = write_film(folder / kind / name, **options)  # type: ignore[arg-type]
    return made


def _cut(path: Path, folder: Path, start: float, end: float) -> tuple[CutClip, CutClip]:
    shelf = Shelf()
    shelf.add(path)
    snap = shelf.cut(folder, start, end)
    assert snap is not None
    return snap, cut_exact(snap, folder)


def _counts(clip: CutClip) -> tuple[int, int]:
    """How many frames the manifest says were copied and encoded."""
    words = clip.manifest.findings[-1].split()
    return int(words[words.index("frames") - 1]), int(words[words.index("encoded") - 2])


def _pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as source:
        return [frame.to_ndarray(format="gray") for frame in source.decode(source.streams.video[0])]


@pytest.mark.parametrize("kind", _FILMS)
def test_the_frames_are_those_of_the_window(kind: str, films: dict[str, Path], tmp_path: Path) -> None:
    original = frame_hashes(films[kind])
    original = [(at - original[0][0], digest) for at, digest in original]
    pictures = _pictures(films[kind])
    for name, (start, end, closed, reordered) in _WINDOWS.items():
        _, clip = _cut(films[kind], tmp_path / name, start, end)
        # The frame on screen when the window begins is part of it.
        first = max(number for number, (at, _) in enumerate(original) if at <= start + 1e-6)
        wanted = [(at, digest) for at, digest in original[first:] if at < end - 1e-6]
        shown = frame_hashes(clip.paths[0])
        assert [at for at, _ in shown] == pytest.approx([at - wanted[0][0] for at, _ in wanted], abs=2e-4), (
            name
        )
        same = [mine == theirs for (_, mine), (_, theirs) in zip(shown, wanted, strict=True)]
        copied, encoded = _counts(clip)
        assert (sum(same), len(shown)) == (copied, copied + encoded), name
        assert encoded <= (closed if _FILMS[kind][1].get("b_frames") == 0 else reordered) + ("vfr" in kind), (
            name
        )
        for number, picture in enumerate(_pictures(clip.paths[0])):
            off = np.mean((picture.astype(float) - pictures[first + number]) ** 2)
            assert 10 * np.log10(255**2 / max(off, 1e-9)) > 38, (name, number)
        part = clip.manifest.files[0].parts[0]
        assert (part.frames, part.pre_roll_frames, part.post_roll_frames) == (len(shown), 0, 0)


def test_a_frame_that_comes_just_before_the_end_is_in(films: dict[str, Path], tmp_path: Path) -> None:
    for number, (end, frames) in enumerate(((4.5, 20), (4.50001, 21), (4.49999, 20))):
        _, clip = _cut(films["h264"], tmp_path / str(number), 2.5, end)
        assert len(frame_hashes(clip.paths[0])) == frames


@pytest.mark.parametrize("kind", ["h264", "h264-b"])
def test_copied_samples_are_the_originals_bytes(kind: str, films: dict[str, Path], tmp_path: Path) -> None:
    _, clip = _cut(films[kind], tmp_path / "cut", 2.5, 5.9)
    source, made = sample_leaves(films[kind], "mov"), sample_leaves(clip.paths[0], "mov")
    copied, _ = _counts(clip)
    assert source[40 : 40 + copied] == made[15 : 15 + copied]
    assert copied > 15


def test_the_same_cut_gives_the_same_bytes(films: dict[str, Path], tmp_path: Path) -> None:
    for kind in ("h264-b", "h265"):
        clips = [_cut(films[kind], tmp_path / f"{number}-{kind}", 2.5, 4.5)[1] for number in range(2)]
        assert clips[0].manifest == clips[1].manifest
        assert clips[0].paths[0].read_bytes() == clips[1].paths[0].read_bytes()


def _without_its_word_on_order(path: Path) -> None:
    """Let the film no longer say how far its frames are out of order, as many recorders do not."""
    with av.open(str(path)) as source:
        (told,) = nal.read_avc_config(bytes(source.streams.video[0].codec_context.extradata)).sequence_sets
    bits = "".join(f"{byte:08b}" for byte in told)
    for place in range(len(bits) - 1, 40, -1):
        # The flag that says it, then the bit that ends the set.
        cut = (bits[:place] + "01").ljust(len(bits), "0")
        silent = int(cut, 2).to_bytes(len(told), "big")
        if (
            bits[place] == "1"
            and nal.says_reordering(told)
            and not _says(silent)
            and _says(int((bits[:place] + "11").ljust(len(bits), "0"), 2).to_bytes(len(told), "big"))
        ):
            path.write_bytes(path.read_bytes().replace(told, silent))
            return
    raise AssertionError("the set does not say it")


def _says(sequence_set: bytes) -> bool:
    try:
        return nal.says_reordering(sequence_set)
    except IndexError:
        return False


def test_a_film_that_does_not_say_how_far_its_frames_are_out_of_order_is_joined(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", b_frames=2)
    _without_its_word_on_order(path)
    original = [digest for _, digest in frame_hashes(path)]
    _, clip = _cut(path, tmp_path / "cut", 2.5, 5.5)
    shown = [digest for _, digest in frame_hashes(clip.paths[0])]
    copied, encoded = _counts(clip)
    assert (copied, copied + encoded) == (len(shown) - encoded, 30)
    assert shown[15 : 15 + copied] == original[40 : 40 + copied]
    assert copied >= 12


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_window_over_two_films_has_both_joints_and_shows_the_gap(codec: str, tmp_path: Path) -> None:
    shelf = Shelf()
    paths = [
        write_film(tmp_path / f"{number}.mp4", seconds=4.0, codec=codec, first_number=60 * number)
        for number in range(2)
    ]
    for path, start in zip(paths, (0.0, 6.0), strict=True):
        shelf.add(path, start)
    snap = shelf.cut(tmp_path / "cut", 1.5, 8.5)
    assert snap is not None
    clip = cut_exact(snap, tmp_path / "cut")
    shown = frame_hashes(clip.paths[0])
    first, second = (frame_hashes(path) for path in paths)
    wanted = [*((at - 1.5, digest) for at, digest in first[15:]),
              *((at + 4.5, digest) for at, digest in second[:25])]  # fmt: skip
    assert [at for at, _ in shown] == pytest.approx([at for at, _ in wanted], abs=2e-4)
    same = [mine == theirs for (_, mine), (_, theirs) in zip(shown, wanted, strict=True)]
    assert same[5:24] == [True] * 19
    assert same[25:44] == [True] * 19
    assert [part.clip_start_seconds for part in clip.manifest.files[0].parts] == [0, 4.5]
    assert [gap.seconds for gap in clip.manifest.gaps] == [2]


@pytest.mark.parametrize(
    ("name", "options"),
    [("film.ts", {}), ("film.webm", {"codec": "libvpx"}), ("film.avi", {"codec": "mpeg4"})],
)
def test_a_film_that_cannot_be_joined_is_encoded_whole(
    name: str, options: dict[str, str], tmp_path: Path
) -> None:
    path = write_film(tmp_path / name, **options)  # type: ignore[arg-type]
    _, clip = _cut(path, tmp_path / "cut", 2.5, 4.5)
    assert len(frame_hashes(clip.paths[0])) == 20
    assert "encoded anew from the snap clip" in clip.manifest.findings[-1]
    assert clip.manifest.files[0].codec == "h264"
