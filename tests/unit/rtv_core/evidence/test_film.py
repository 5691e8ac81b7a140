"""Films are read up to their last good sample, and their tables survive the warehouse."""

import hashlib
import random
from datetime import timedelta
from pathlib import Path

import pytest

from rtv_core.errors import IntegrityError, InvalidInput
from rtv_core.evidence import merkle
from rtv_core.evidence.film import read_film
from rtv_core.evidence.samples import unpack_samples
from tests.fixtures.films import picture, write_film
from tests.fixtures.shelf import Shelf

_FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_KINDS = {
    "fragmented.mp4": {"options": _FRAGMENTED},
    "faststart.mp4": {"options": {"movflags": "faststart"}},
    "film.mkv": {},
    "film.ts": {},
    "film.webm": {"codec": "libvpx"},
    "film.avi": {"codec": "mpeg4"},
}


@pytest.mark.parametrize("name", _KINDS)
def test_a_whole_film_is_read_whole(name: str, tmp_path: Path) -> None:
    path = write_film(tmp_path / name, seconds=4, **_KINDS[name])  # type: ignore[arg-type]
    film = read_film(path)
    assert film.finding is None
    assert (film.table.count, film.keyframe_count) == (40, 2)
    assert film.table.seconds == pytest.approx(4, abs=0.01)
    assert film.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert film.samples_root == merkle.root_of(film.table.leaves).hex()
    data = path.read_bytes()
    for row in film.table.rows:
        if name != "film.ts":
            start = int(row["offset"])
            assert merkle.leaf_hash(data[start : start + int(row["size"])]) == bytes(row["leaf"])


@pytest.mark.parametrize("name", _KINDS)
def test_a_film_cut_off_is_read_up_to_its_last_good_sample_and_says_so(name: str, tmp_path: Path) -> None:
    path = write_film(tmp_path / name, seconds=4, **_KINDS[name])  # type: ignore[arg-type]
    whole = read_film(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.7)])
    film = read_film(path)
    assert film.is_truncated
    assert film.finding is not None
    assert 0 < film.table.count < whole.table.count
    assert film.table.leaves == whole.table.leaves[: film.table.count]


def test_a_film_whose_index_was_never_written_is_refused(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InvalidInput) as caught:
        read_film(path)
    assert caught.value.code == "FOOTAGE_UNREADABLE"


def test_a_table_comes_back_from_the_warehouse_as_it_was(tmp_path: Path) -> None:
    table = read_film(write_film(tmp_path / "film.mp4")).table
    back = unpack_samples(table.pack())
    assert (back.container, back.video, back.time_base) == (table.container, table.video, table.time_base)
    assert back.rows.tobytes() == table.rows.tobytes()
    with pytest.raises(IntegrityError):
        unpack_samples(table.pack()[:-1])


_DAMAGED = {
    "film.mp4": ({}, "sample 20 is damaged"),
    "fragmented.mp4": ({"options": _FRAGMENTED}, "sample 20 is damaged"),
    "film.mkv": ({}, "sample 20 is damaged"),
    "h265.mp4": ({"codec": "libx265"}, "sample 20 is damaged"),
    "film.ts": ({}, "is damaged or cut off"),
}


@pytest.mark.parametrize("name", _DAMAGED)
def test_a_film_damaged_in_its_middle_is_read_up_to_its_last_good_sample(name: str, tmp_path: Path) -> None:
    options, word = _DAMAGED[name]
    path = write_film(tmp_path / name, seconds=4, **options)  # type: ignore[arg-type]
    whole = read_film(path)
    data = bytearray(path.read_bytes())
    at = int(whole.table.rows["offset"][20])
    at = at if name != "film.ts" else len(data) // 2
    data[at : at + 4000] = random.Random(1).randbytes(4000)
    path.write_bytes(data)
    film = read_film(path)
    assert film.is_truncated
    assert word in (film.finding or "")
    assert 0 < film.table.count < whole.table.count
    assert film.table.leaves == whole.table.leaves[: film.table.count]


@pytest.mark.parametrize(
    ("name", "codec"), [("film.mkv", "libx264"), ("film.webm", "libvpx"), ("film.avi", "mpeg4")]
)
def test_a_film_whose_demuxer_skips_what_is_damaged_says_that_it_is_short(
    name: str, codec: str, tmp_path: Path
) -> None:
    path = write_film(tmp_path / name, seconds=6, codec=codec)
    whole = read_film(path)
    assert whole.finding is None
    data = bytearray(path.read_bytes())
    first, last = (int(whole.table.rows["offset"][place]) - 20 for place in (21, 45))
    data[first:last] = bytes(last - first)
    path.write_bytes(data)
    film = read_film(path)
    assert film.table.count < 60
    assert film.is_truncated
    assert "it says that it lasts 6" in (film.finding or "")


def test_time_that_a_film_does_not_show_is_said_and_is_a_gap_of_its_clips(tmp_path: Path) -> None:
    shelf = Shelf()
    pictures = [picture(number) for number in range(40)]
    path = write_film(tmp_path / "film.mp4", pictures=pictures, skip_after={20: 3.0})
    segment = shelf.add(path)
    film = read_film(path)
    assert (film.finding, film.is_truncated) == ("No frame for 3.0 s from second 2.1 on", False)
    clip = shelf.cut(tmp_path / "cut", 1.0, 6.0)
    assert clip is not None
    (gap,) = clip.manifest.gaps
    assert gap.seconds == pytest.approx(3.0, abs=0.01)
    assert gap.start_at == (segment.started_at + timedelta(seconds=2.1)).isoformat()
    assert shelf.cut(tmp_path / "whole", 0.5, 2.0).manifest.gaps == ()  # type: ignore[union-attr]
