"""A disk that is full while a clip is written: a clear error, no half clip; the same cut succeeds later."""

from __future__ import annotations

from pathlib import Path

import pytest

from rtv_core.errors import ResourceExhausted
from rtv_core.evidence.clip_files import move_whole
from rtv_core.evidence.smart_cut import cut_exact
from tests.fixtures.films import write_film
from tests.fixtures.shelf import Shelf

# The device that is always full stands for the disk.
_FULL = Path("/dev/full")


def _fill(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).symlink_to(_FULL)
    return folder / name


@pytest.mark.parametrize(
    ("film", "options", "part"),
    [("film.mp4", {}, "part-1.mp4"), ("film.webm", {"codec": "libvpx"}, "part-1.mkv")],
)
def test_a_full_disk_is_said_and_leaves_no_half_clip(
    film: str, options: dict[str, str], part: str, tmp_path: Path
) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / film, **options))  # type: ignore[arg-type]
    path = _fill(tmp_path / "cut", part)
    with pytest.raises(ResourceExhausted) as caught:
        shelf.cut(tmp_path / "cut", 1, 4)
    assert caught.value.code == "CLIP_WRITE_FAILED"
    assert not path.is_symlink()
    assert shelf.cut(tmp_path / "cut", 1, 4) is not None


def test_an_exact_clip_meets_a_full_disk_likewise(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add(write_film(tmp_path / "film.mp4"))
    snap = shelf.cut(tmp_path / "cut", 1.5, 4)
    assert snap is not None
    _fill(tmp_path / "cut", "exact-1.mp4")
    with pytest.raises(ResourceExhausted):
        cut_exact(snap, tmp_path / "cut")
    assert cut_exact(snap, tmp_path / "cut").paths[0].is_file()


def test_a_clip_comes_to_its_place_whole(tmp_path: Path) -> None:
    source, target = tmp_path / "clip.mp4", tmp_path / "out" / "clip.mp4"
    source.write_bytes(b"x" * 100_000)
    target.parent.mkdir()
    target.with_name(".part-clip.mp4").write_bytes(b"left by one that was killed")
    move_whole(source, target)
    assert target.read_bytes() == b"x" * 100_000
    assert list(target.parent.iterdir()) == [target]
