"""From a request to a clip: finds the films that show it, fetches those that stand in the store, cuts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rtv_core.errors import InvalidInput
from rtv_core.evidence.cutter import CutClip, cut_snap, segment_path
from rtv_core.evidence.presentation import cut_presentation
from rtv_core.evidence.samples import SampleTable, unpack_samples
from rtv_core.evidence.smart_cut import cut_exact
from rtv_core.evidence.windows import cover
from rtv_core.model.clip import Segment
from rtv_core.model.window import ClipRequest
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import footage_store, presentation_store
from rtv_core.warehouse.connection import Connection


def cut_window(
    connection: Connection, store: ObjectStore, request: ClipRequest, folder: Path, *, now: datetime
) -> CutClip | None:
    """Cut a camera's window into files in `folder` by the mode asked for; None when no film shows any.

    A presentation hides what the camera's masks in force at `now` cover.
    """
    if request.cut_mode == "original":
        raise InvalidInput(
            "A camera's film is never taken whole", remedy="Cut it as snap.", code="CUT_MODE_UNAVAILABLE"
        )
    asked = request.window.shifted(request.clock_offset_seconds)
    segments = footage_store.segments_between(
        connection, request.tenant_code, request.camera_code or "", asked.start_at, asked.end_at
    )

    def table_of(segment: Segment) -> SampleTable:
        return unpack_samples(footage_store.packed_samples(connection, segment.segment_id))

    def path_of(segment: Segment) -> Path:
        if segment.object_key is None:
            return segment_path(segment)
        path = folder / f"film-{segment.sha256}"
        if not path.exists():
            store.download(segment.object_key, path)
        return path

    snap = cut_snap(request, cover(asked, segments), table_of, folder, path_of)
    if snap is None or request.cut_mode == "snap":
        return snap
    if request.cut_mode == "exact":
        return cut_exact(snap, folder)
    camera = footage_store.cameras(connection, request.tenant_code).get(request.camera_code or "")
    masks = presentation_store.masks_in_force(connection, request.tenant_code, now)
    return cut_presentation(
        snap, folder, request, timezone=camera.timezone if camera else "UTC",
        masks=masks.get(request.camera_code or "", ()),
    )  # fmt: skip
