"""Names of films, as recorders write them, in the zone of the camera's node."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest

from rtv_core.evidence.naming import doubt_about, in_utc, read_name

_INDIA = ZoneInfo("Asia/Kolkata")
_IN_UTC = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
_IN_INDIA = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "tenant", "camera", "start"),
    [
        ("cam-1/2026-11-01_10-00-00-000000.mp4", None, "cam-1", _IN_INDIA),
        ("acme/cam-1/2026-11-01_10-00-00.mp4", "acme", "cam-1", _IN_INDIA),
        (
            "acme/cam-1/2026-11-01/2026-11-01_10-00-00-250000.mkv",
            "acme",
            "cam-1",
            _IN_INDIA.replace(microsecond=250_000),
        ),
        ("2026-11-01/10/cam-1/00.00.mp4", None, "cam-1", _IN_UTC),
        ("acme/2026-11-01/10/cam-1/00.00.mp4", "acme", "cam-1", _IN_UTC),
        ("cam-1/ch01-20261101-100000-20261101-101500.mp4", None, "cam-1", _IN_INDIA),
        ("cam-1/ch-20261101-100000-20261101-101500.mp4", None, "cam-1", _IN_INDIA),
        ("cam-1/2026-11-01T10-00-00Z.mp4", None, "cam-1", _IN_UTC),
        ("cam-1/20261101T100000Z.ts", None, "cam-1", _IN_UTC),
        ("cam-1/gate_20261101_100000.avi", None, "cam-1", _IN_INDIA),
        ("cam-1/2026-11-01T10-00-00+0530.mp4", None, "cam-1", _IN_INDIA),
        ("2026-11-01_10-00-00.mp4", None, None, _IN_INDIA),
        ("cam-1/holiday.mp4", None, "cam-1", None),
        ("cam-1/2026-13-01_10-00-00.mp4", None, "cam-1", None),
        ("cam-1/9912345678901234567890.mp4", None, "cam-1", None),
    ],
)
def test_a_name_says_tenant_camera_and_start(
    path: str, tenant: str | None, camera: str | None, start: datetime | None
) -> None:
    name = read_name(PurePosixPath(path))
    assert (name.tenant_code, name.camera_code, name.start_in(_INDIA)) == (tenant, camera, start)


def test_an_export_of_a_recorder_says_when_it_ends() -> None:
    name = read_name(PurePosixPath("cam-1/ch01-20261101-100000-20261101-101500.mp4"))
    assert name.end_in(_INDIA) == datetime(2026, 11, 1, 4, 45, tzinfo=UTC)


def test_the_hour_that_summer_time_repeats_is_read_as_its_first() -> None:
    name = read_name(PurePosixPath("cam-1/2026-10-25_02-30-00.mp4"))
    assert name.start_in(ZoneInfo("Europe/Berlin")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_in_the_night_when_clocks_change_is_doubtful() -> None:
    berlin, kolkata = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
    twice, skipped = datetime(2026, 10, 25, 2, 30), datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
    assert "came twice" in (doubt_about(twice, berlin) or "")
    assert "skipped" in (doubt_about(skipped, berlin) or "")
    assert in_utc(twice, berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for at in (twice, skipped):
        assert doubt_about(at, kolkata) is None
        assert doubt_about(at.replace(tzinfo=UTC), berlin) is None
    assert doubt_about(twice.replace(hour=4), berlin) is None
