"""Which clips are asked for: cameras of the place, the film of the capture, and never twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rtv_core.evidence.planning import MAX_WINDOW, requests_for, still_wanted
from rtv_core.warehouse.footage_store import Camera

_START = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
_CAMERAS = {
    code: Camera(code, node, bay, "Asia/Kolkata", offset)
    for code, node, bay, offset in (("c1", "N1", "B1", 1.5), ("c2", "N1", "B2", 0.0), ("c3", "N2", "B1", 0.0))
}


def _row(**values: Any) -> dict[str, Any]:
    names = (
        "tenant_code discrepancy_key platform_code rtv_no transporter_code awb_no capture_id camera_code "
        "node_code bay_code capture_sha256 capture_object_key capture_started_at capture_ended_at"
    )
    row: dict[str, Any] = dict.fromkeys(names.split())
    row |= {"tenant_code": "t", "discrepancy_key": "d", "node_code": "N1", "bay_code": "B1"}
    row |= {"window_start_at": _START, "window_end_at": _START + timedelta(seconds=30)}
    return row | values


def _cameras(**values: Any) -> list[str | None]:
    return [request.camera_code for request in requests_for(_row(**values), _CAMERAS, 5)]


def test_the_camera_named_wins_then_the_bay_then_the_node() -> None:
    assert _cameras(camera_code="c3") == ["c3"]
    assert _cameras() == ["c1"]
    assert _cameras(bay_code=None) == ["c1", "c2"]
    assert _cameras(node_code="N9") == [None]


def test_margin_and_clock_stand_in_the_request() -> None:
    (request,) = requests_for(_row(), _CAMERAS, 5)
    assert request.window_start_at == _START - timedelta(seconds=5)
    assert request.window_end_at == _START + timedelta(seconds=35)
    assert (request.clock_offset_seconds, request.margin_seconds) == (1.5, 5)


def test_a_window_of_days_is_cut_short_and_says_so() -> None:
    (request,) = requests_for(_row(window_end_at=_START + timedelta(days=3)), _CAMERAS, 0)
    assert request.window_end_at - request.window_start_at == MAX_WINDOW
    assert request.finding is not None


def test_a_moment_is_a_window_too() -> None:
    (request,) = requests_for(_row(window_end_at=_START), _CAMERAS, 0)
    assert request.window.seconds == 1


def test_the_film_of_a_capture_is_asked_for_beside_the_camera() -> None:
    row = _row(
        capture_id="C", capture_sha256="ab", capture_object_key="k", capture_started_at=_START.isoformat()
    )
    original, snap = requests_for(row, _CAMERAS, 0)
    assert (original.cut_mode, original.capture_object_key, snap.cut_mode) == ("original", "k", "snap")


def test_what_was_answered_is_asked_again_only_when_film_has_come() -> None:
    (request,) = requests_for(_row(), _CAMERAS, 0)
    state = {
        "tenant_code": "t", "discrepancy_key": "d", "cut_mode": "snap", "camera_code": "c1",
        "window_start_at": request.window_start_at, "window_end_at": request.window_end_at,
    }  # fmt: skip
    for status, has_film, wanted in (
        ("cut", True, False),
        ("failed", True, False),
        ("no_footage", False, False),
        ("no_footage", True, True),
    ):
        found = still_wanted([request], [{**state, "clip_status": status, "has_film": has_film}])
        assert bool(found) is wanted
    assert still_wanted([request], []) == [request]
