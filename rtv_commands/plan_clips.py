"""Plans clips: every discrepancy that says when to look, and has no clip yet."""

from __future__ import annotations

from rtv_core.errors import NotFound
from rtv_core.evidence.planning import requests_for, still_wanted
from rtv_core.model.window import ClipRequest
from rtv_core.warehouse import footage_store
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.footage_store import Camera


def plan_clips(dsn: str, *, margin_seconds: float, tenant_code: str | None = None) -> list[ClipRequest]:
    """The clips to be cut now, dearest discrepancy first; nothing is planned twice."""
    cameras: dict[str, dict[str, Camera]] = {}
    requests: list[ClipRequest] = []
    with connect(dsn, application_name="rtv-plan-clips") as connection:
        if not footage_store.has_discrepancies_mart(connection):
            raise NotFound(
                "There are no discrepancies to look for: the marts are not built yet",
                remedy="Run `rtv build` first.",
                code="MARTS_NOT_BUILT",
            )
        for row in footage_store.discrepancies_to_show(connection, tenant_code):
            code = row["tenant_code"]
            if code not in cameras:
                cameras[code] = footage_store.cameras(connection, code)
            requests.extend(requests_for(row, cameras[code], margin_seconds))
        return still_wanted(requests, footage_store.clip_states(connection, tenant_code))
