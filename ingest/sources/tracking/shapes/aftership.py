"""AfterShip: `tracking_update` webhooks, and the answers that hold one tracking or several."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.bodies import Body, entries, objects, part, text
from ingest.sources.tracking.scans import Scan, Shape


def _trackings(body: Body) -> list[Body]:
    for path in (("msg",), ("data", "tracking"), ("data", "trackings"), ("data",), ("tracking",)):
        found = [
            entry for entry in objects(part(body, *path)) if "tag" in entry and "tracking_number" in entry
        ]
        if found:
            return found
    return [body] if "tag" in body and "tracking_number" in body else []


def _scans(body: Body) -> Iterator[Scan]:
    for tracking in _trackings(body):
        points = entries(tracking.get("checkpoints"))
        for point in points:
            yield _scan(tracking, point)
        if not points:
            yield _scan(tracking, {**tracking, "checkpoint_time": tracking.get("updated_at")})


def _scan(tracking: Body, point: Body) -> Scan:
    tag, subtag = text(point, "tag"), text(point, "subtag")
    places = (text(point, "location"), text(point, "city"), text(point, "state"))
    return Scan(
        "aftership",
        text(tracking, "tracking_number"),
        text(point, "checkpoint_time") or text(point, "created_at"),
        tuple(filter(None, (subtag, tag))),
        subtag or tag,
        (text(point, "slug") or text(tracking, "slug") or "").upper() or None,
        text(tracking, "order_id"),
        text(point, "message") or text(point, "subtag_message"),
        next(filter(None, places), None),
        text(tracking, "signed_by") if tag == "Delivered" else None,
        raw={name: value for name, value in point.items() if name != "checkpoints"},
    )


SHAPE = Shape(
    "AfterShip",
    (frozenset({"msg"}), frozenset({"data", "meta"}), frozenset({"tag", "tracking_number"})),
    lambda body: bool(_trackings(body)),
    _scans,
)
