"""Films are read up to their last good sample, and their tables survive the warehouse."""

import hashlib
from pathlib import Path

import pytest

from rtv_core.errors import IntegrityError, InvalidInput
from rtv_core.evidence import merkle
from rtv_core.evidence.film import read_film
from rtv_core.evidence.samples import unpack_samples
from tests.fixtures.films import write_film

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
