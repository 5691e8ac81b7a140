"""EasyPost: `tracker.updated` events, trackers by themselves, and lists of trackers."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.bodies import Body, entries, objects, text
from ingest.sources.tracking.scans import Scan, Shape


def _trackers(body: Body) -> list[Body]:
    found = objects(body.get("trackers")) or objects(body.get("result")) or [body]
    return [entry for entry in found if entry.get("object") == "Tracker"]


def _scans(body: Body) -> Iterator[Scan]:
    for tracker in _trackers(body):
        details = entries(tracker.get("tracking_details"))
        for detail in details:
            yield _scan(tracker, detail)
        if not details:
            yield _scan(tracker, {**tracker, "datetime": tracker.get("updated_at")})


def _scan(tracker: Body, detail: Body) -> Scan:
    status, more = text(detail, "status"), text(detail, "status_detail")
    place = [text(detail, "tracking_location", name) for name in ("city", "state", "country")]
    exact = (f"{status}/{more}",) if status and more and more != "unknown" else ()
    return Scan(
        "easypost",
        text(tracker, "tracking_code"),
        text(detail, "datetime"),
        (*exact, *((status,) if status else ())),
        exact[0] if exact else status,
        text(detail, "source") or text(tracker, "carrier"),
        None,
        text(detail, "message") or text(detail, "description"),
        ", ".join(filter(None, place)) or None,
        text(tracker, "signed_by") if status == "delivered" else None,
        details=exact,
        raw={name: value for name, value in detail.items() if name != "tracking_details"},
    )


SHAPE = Shape(
    "EasyPost",
    (frozenset({"object"}), frozenset({"trackers"})),
    lambda body: bool(_trackers(body)),
    _scans,
)
