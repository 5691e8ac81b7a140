"""Made films: named as a recorder names them, codes that decode, the same bytes each time."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest
import zxingcpp

from rtv_cli.simulator.films import LaidFilm, film_path, lay_films, make_film, use_films
from rtv_cli.simulator.scenes import pick_scenes
from rtv_cli.simulator.world import make_world, plan_world
from rtv_core.errors import InvalidInput
from rtv_core.evidence.naming import read_name

WORLD = plan_world("small", 1)


def _codes(film: LaidFilm) -> set[str]:
    with av.open(str(film.path)) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    return {code.text for picture in pictures[::5] for code in zxingcpp.read_barcodes(picture)}


def test_a_film_shows_its_codes_and_begins_when_its_name_says(tmp_path: Path) -> None:
    scene = next(scene for scene in pick_scenes(WORLD, 12) if scene.title.startswith("unboxing"))
    films = make_film(tmp_path / "default", scene)
    assert set().union(*map(_codes, films)) == {shown.code for shown in scene.shown}
    name = read_name(films[0].path.relative_to(tmp_path))
    assert (name.tenant_code, name.camera_code) == ("default", scene.camera.camera_code)
    assert name.start_in(films[0].started_at.tzinfo) == scene.camera_started_at  # type: ignore[arg-type]


def test_segments_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    scene = max(pick_scenes(WORLD, 12), key=lambda found: found.seconds)
    films = make_film(tmp_path / "default", scene)
    assert len(films) > 1
    for before, after in pairwise(films):
        assert after.started_at - before.ended_at == timedelta(0)
        assert (before.ended_at - before.started_at).total_seconds() == 60


def test_the_same_scene_gives_the_same_bytes(tmp_path: Path) -> None:
    scene = pick_scenes(WORLD, 1)[0]
    once, again = make_film(tmp_path / "a", scene), make_film(tmp_path / "b", scene)
    assert [film.sha256 for film in once] == [film.sha256 for film in again]


def test_a_world_with_films_names_them_as_footage(tmp_path: Path) -> None:
    world = make_world(tmp_path / "world", size="small", seed=1, films=2)
    rows = next(world.inputs.glob("footage*.csv")).read_text().splitlines()
    assert len(rows) == world.films + 1
    assert world.films == len(list(world.footage.rglob("*.mp4")))


def test_own_films_lie_where_the_cameras_would_have_filmed(tmp_path: Path) -> None:
    own = tmp_path / "own"
    made = make_film(tmp_path / "made", pick_scenes(WORLD, 1)[0])[0]
    own.mkdir()
    made.path.rename(own / "my film.mp4")
    (own / "notes.txt").write_text("no film")
    (own / "broken.mp4").write_bytes(b"no film either")
    films = lay_films(tmp_path / "footage", WORLD, films=5, own_films=own)
    cameras = [film.camera_code for film in films]
    assert 1 <= len(films) <= 5
    assert len(cameras) == len(set(cameras))
    assert {film.sha256 for film in films} == {made.sha256}


def test_a_folder_without_films_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No film that can be read"):
        use_films(tmp_path, WORLD, tmp_path / "footage")


def test_a_camera_whose_clock_is_ahead_names_its_films_ahead(tmp_path: Path) -> None:
    camera = next(camera for camera in WORLD.cameras if camera.clock_offset_seconds)
    path = film_path(tmp_path, camera, WORLD.as_of, ".avi")
    assert path.suffix == ".avi"
    assert path.parent.name == camera.camera_code
