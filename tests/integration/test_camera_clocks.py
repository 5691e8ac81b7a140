"""Camera clocks end to end: measured from a film, applied and stated in cuts, a jump noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from rtv_commands.cut_to_file import cut_to_file
from rtv_commands.index_footage import index_footage
from rtv_commands.measure_clock import clock_series, measure_clock, state_clock
from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.seal import ensure_seal_key
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.model.window import ClipRequest
from rtv_core.objects.folder import FolderStore
from rtv_core.settings import Settings
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.marts.camera_clocks import camera_clocks
from tests.fixtures.beacons import beacon_film
from tests.fixtures.films import write_film

_BEGAN = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
_LEAD = Actor(ActorKind.PERSON, "asha", frozenset({Role.BAY_LEAD}))


@pytest.fixture
def world(warehouse_dsn: str, tmp_path: Path) -> tuple[str, Path, Settings]:
    with psycopg.connect(warehouse_dsn) as connection:
        connection.execute(
            """
            insert into raw.cameras (camera_code, node_code, bay_code, tenant_code, _file_id, _row_no,
                _key_hash)
            values ('cam-1', 'N1', 'B1', 'default', 1, 1, gen_random_uuid())
            """
        )
    folder = tmp_path / "footage"
    for name in ("2026-11-01_04-30-00-000000", "2026-11-01_05-00-00-000000"):
        (folder / "cam-1").mkdir(parents=True, exist_ok=True)
        write_film(folder / "cam-1" / f"{name}.mp4", seconds=10, first_number=int(name[12]))
    index_footage(warehouse_dsn, FolderStore(tmp_path / "store"), folder, now=_BEGAN)
    return warehouse_dsn, folder, Settings(home=tmp_path / "home")


def _stated(dsn: str, days: float, ahead: float) -> bool:
    at = _BEGAN + timedelta(days=days)
    return state_clock(
        dsn, "cam-1", measured_at=at, offset_seconds=ahead, uncertainty_seconds=0.5, actor=_LEAD,
        now=_BEGAN + timedelta(days=9),
    ).has_jumped  # fmt: skip


def test_a_cut_states_the_clock_it_was_made_by(world: tuple[str, Path, Settings], tmp_path: Path) -> None:
    dsn, _, _ = world
    request = ClipRequest(
        tenant_code="default", camera_code="cam-1", window_start_at=_BEGAN + timedelta(seconds=3),
        window_end_at=_BEGAN + timedelta(seconds=5),
    )  # fmt: skip
    store = FolderStore(tmp_path / "store")
    before = cut_to_file(dsn, store, request, tmp_path / "before.mp4", now=_BEGAN).manifest
    assert (before["clock_uncertainty_seconds"], before["clock_source"]) == (None, "not measured")
    assert not _stated(dsn, 0, 2.0)
    after = cut_to_file(dsn, store, request, tmp_path / "after.mp4", now=_BEGAN).manifest
    assert (after["clock_offset_seconds"], after["clock_uncertainty_seconds"]) == (2.0, 0.5)
    assert after["clock_source"] == f"by hand at {_BEGAN.isoformat()}"
    assert after["files"][0]["parts"][0]["first_frame_at"] == (_BEGAN + timedelta(seconds=2)).isoformat()


def test_a_jump_and_time_that_films_claim_twice_are_noticed(world: tuple[str, Path, Settings]) -> None:
    dsn, folder, _ = world
    assert not _stated(dsn, 0, 2.0)
    assert _stated(dsn, 1, 302.0)
    assert not _stated(dsn, 2, 303.0)
    write_film(folder / "cam-1" / "2026-11-01_05-00-04-000000.mp4", seconds=10, first_number=90)
    index_footage(dsn, FolderStore(folder.parent / "store"), folder, now=_BEGAN)
    with connect(dsn) as connection:
        (clock,) = camera_clocks(connection, "default", _BEGAN + timedelta(days=2))
    assert (clock.state.offset_seconds, clock.measurements) == (303.0, 3)
    assert clock.faults[0].startswith("The clock jumped by +300.0 s")
    assert clock.faults[1].startswith("Films of 01 Nov 2026 overlap by up to 6 s")
    series = clock_series(dsn, "default", "cam-1", _BEGAN)
    assert [jump["seconds"] for jump in series["jumps"]] == [300.0]


def test_a_camera_is_measured_from_the_beacon_in_its_film(world: tuple[str, Path, Settings]) -> None:
    dsn, folder, settings = world
    key = ensure_seal_key(settings.seal_key_file, settings.seal.origin)
    # The camera says 06:00:00 when it is twelve seconds earlier.
    film = beacon_film(
        folder / "cam-1" / "2026-11-01_06-00-00-000000.mp4", key, _BEGAN + timedelta(minutes=90, seconds=-12)
    )
    index_footage(dsn, FolderStore(folder.parent / "store"), folder, now=_BEGAN)
    found = measure_clock(dsn, film, settings=settings, actor=_LEAD, now=_BEGAN + timedelta(hours=2))
    assert abs(found.offset_seconds - 12) <= found.uncertainty_seconds < 0.5
    assert (found.camera_code, found.is_new, found.has_jumped) == ("cam-1", True, False)
    again = measure_clock(dsn, film, settings=settings, actor=_LEAD, now=_BEGAN + timedelta(hours=2))
    assert not again.is_new


def test_what_cannot_be_measured_is_said(world: tuple[str, Path, Settings]) -> None:
    dsn, folder, settings = world
    film = folder / "cam-1" / "2026-11-01_04-30-00-000000.mp4"
    for path, code in ((film, "BEACON_NOT_SEEN"), (folder / "none.mp4", "FOOTAGE_NOT_INDEXED")):
        with pytest.raises(NotFound) as caught:
            measure_clock(dsn, path, settings=settings, actor=_LEAD, now=_BEGAN)
        assert caught.value.code == code
    with pytest.raises(InvalidInput, match="uncertainty above 0"):
        state_clock(
            dsn, "cam-1", measured_at=_BEGAN, offset_seconds=0, uncertainty_seconds=0, actor=_LEAD, now=_BEGAN
        )
