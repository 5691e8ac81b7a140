"""Which clips are to be cut for discrepancies that say when to look: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rtv_core.model.window import ClipRequest
from rtv_core.warehouse.footage_store import Camera

# Longer windows say that nobody knows when to look; their film is asked for by hand.
MAX_WINDOW = timedelta(hours=2)
_CONTEXT = (
    "tenant_code",
    "discrepancy_key",
    "platform_code",
    "rtv_no",
    "transporter_code",
    "awb_no",
    "capture_id",
)


def requests_for(
    discrepancy: Mapping[str, Any], cameras: Mapping[str, Camera], margin_seconds: float
) -> list[ClipRequest]:
    """One request for each camera that may show it, and one for the film of its capture."""
    context = {name: discrepancy[name] for name in _CONTEXT}
    margin = timedelta(seconds=margin_seconds)
    start, end = discrepancy["window_start_at"] - margin, discrepancy["window_end_at"] + margin
    finding = None
    if end - start > MAX_WINDOW:
        finding = f"Only the first {MAX_WINDOW} of a window of {end - start} are cut"
        end = start + MAX_WINDOW
    found = _capture_request(discrepancy, context)
    seeing = _cameras_of(discrepancy, cameras)
    if not seeing and not found:
        named = (discrepancy["node_code"], discrepancy["bay_code"])
        where = " ".join(filter(None, named)) or "an unknown place"
        return [
            ClipRequest(
                **context,
                window_start_at=start,
                window_end_at=max(end, start + timedelta(seconds=1)),
                margin_seconds=margin_seconds,
                finding=f"No camera is known at {where}",
            )
        ]
    for code in seeing:
        camera = cameras.get(code)
        request = ClipRequest(
            **context,
            camera_code=code,
            window_start_at=start,
            window_end_at=max(end, start + timedelta(seconds=1)),
            margin_seconds=margin_seconds,
            finding=finding,
        )
        found.append(request.by_clock(camera.clock_at(start)) if camera else request)
    return found


def still_wanted(requests: Iterable[ClipRequest], states: Sequence[Mapping[str, Any]]) -> list[ClipRequest]:
    """Requests that were not answered, or answered with `no_footage` before film came."""
    answered = {
        (
            row["tenant_code"],
            row["discrepancy_key"],
            row["cut_mode"],
            row["camera_code"],
            row["window_start_at"],
            row["window_end_at"],
        ): row
        for row in states
    }
    wanted: list[ClipRequest] = []
    for request in requests:
        row = answered.get(request.key)
        if row is None or (row["clip_status"] == "no_footage" and _may_succeed(request, row)):
            wanted.append(request)
    return wanted


def _may_succeed(request: ClipRequest, row: Mapping[str, Any]) -> bool:
    if request.cut_mode == "original":
        return request.capture_object_key is not None
    return bool(row["has_film"])


def _capture_request(discrepancy: Mapping[str, Any], context: Mapping[str, Any]) -> list[ClipRequest]:
    """The unboxing film of the capture, as it is; a capture without a film is none."""
    if not discrepancy["capture_id"] or not discrepancy["capture_sha256"]:
        return []
    start = _moment(discrepancy["capture_started_at"]) or discrepancy["window_start_at"]
    end = _moment(discrepancy["capture_ended_at"]) or discrepancy["window_end_at"]
    return [
        ClipRequest(
            **context,
            cut_mode="original",
            window_start_at=start,
            window_end_at=max(end, start + timedelta(seconds=1)),
            capture_sha256=discrepancy["capture_sha256"],
            capture_object_key=discrepancy["capture_object_key"],
        )
    ]


def _moment(text: str | None) -> datetime | None:
    """A capture's time as written; a naive one is left to the window."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else None


def _cameras_of(discrepancy: Mapping[str, Any], cameras: Mapping[str, Camera]) -> list[str]:
    if discrepancy["camera_code"]:
        return [str(discrepancy["camera_code"])]
    return [
        camera.camera_code
        for camera in cameras.values()
        if camera.node_code == discrepancy["node_code"]
        and (discrepancy["bay_code"] is None or camera.bay_code == discrepancy["bay_code"])
    ]
