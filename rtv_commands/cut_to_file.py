"""Cuts a window of a camera into a file of one's own; nothing is recorded or sealed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rtv_core.errors import InvalidInput, NotFound, NotPermitted
from rtv_core.evidence.clip_files import move_whole
from rtv_core.evidence.presentation import contact_sheet
from rtv_core.evidence.shelf import cut_window
from rtv_core.model.window import ClipRequest
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import footage_store, presentation_store
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class WrittenClip:
    """The files that were written, and what they are made of."""

    paths: tuple[Path, ...]
    manifest: dict[str, Any]
    sheets: tuple[Path, ...] = ()


def cut_to_file(
    dsn: str, store: ObjectStore, request: ClipRequest, target: Path, *, now: datetime
) -> WrittenClip:
    """Write the clip to `target`, further files beside it; the camera's own clock offset is applied.

    A clip for people gets a contact sheet beside each file, `<name>-sheet.jpg`; of a camera with masks there
    is no other (`NotPermitted`).
    """
    if target.exists():
        raise InvalidInput(
            f"{target} is there already", remedy="Name a file that is not.", code="TARGET_EXISTS"
        )
    with (
        connect(dsn, application_name="rtv-cut") as connection,
        tempfile.TemporaryDirectory(prefix="rtv-cut-") as scratch,
    ):
        camera = footage_store.cameras(connection, request.tenant_code).get(request.camera_code or "")
        if camera is not None:
            request = request.by_clock(camera.clock_at(request.window_start_at))
        masks = presentation_store.masks_in_force(connection, request.tenant_code, now)
        if request.cut_mode != "presentation" and request.camera_code in masks:
            raise NotPermitted(
                f"Camera {request.camera_code} has masks: its film does not leave as it is",
                remedy="Cut with --mode presentation, or release a sealed clip: `rtv evidence release`.",
                code="CAMERA_MASKED",
            )
        clip = cut_window(connection, store, request, Path(scratch), now=now)
        if clip is None:
            raise NotFound(
                f"No film of camera {request.camera_code} shows any of this window",
                remedy="Index the footage (`rtv evidence index`), or check camera and times.",
                code="FOOTAGE_NOT_FOUND",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        paths, sheets = [], []
        for number, (source, file) in enumerate(zip(clip.paths, clip.manifest.files, strict=True), 1):
            stem = target.stem if number == 1 else f"{target.stem}-{number}"
            # The name must say what the file holds: samples an MP4 cannot hold are in Matroska.
            path = target.with_name(stem + source.suffix)
            move_whole(source, path)
            paths.append(path)
            if request.cut_mode == "presentation":
                sheets.append(path.with_name(f"{stem}-sheet.jpg"))
                contact_sheet(path, sum(part.frames for part in file.parts), sheets[-1])
    return WrittenClip(tuple(paths), clip.manifest.as_dict(), tuple(sheets))
