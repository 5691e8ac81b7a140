"""Cuts a window of a camera into a file of one's own; nothing is recorded or sealed."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.shelf import cut_window
from rtv_core.model.window import ClipRequest
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import footage_store
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class WrittenClip:
    """The files that were written, and what they are made of."""

    paths: tuple[Path, ...]
    manifest: dict[str, Any]


def cut_to_file(dsn: str, store: ObjectStore, request: ClipRequest, target: Path) -> WrittenClip:
    """Write the clip to `target`, further files beside it; the camera's own clock offset is applied."""
    if target.exists():
        raise InvalidInput(
            f"{target} is there already", remedy="Name a file that is not.", code="TARGET_EXISTS"
        )
    with (
        connect(dsn, application_name="rtv-cut") as connection,
        tempfile.TemporaryDirectory(prefix="rtv-cut-") as scratch,
    ):
        camera = footage_store.cameras(connection, request.tenant_code).get(request.camera_code or "")
        offset = camera.clock_offset_seconds if camera else 0.0
        request = request.model_copy(update={"clock_offset_seconds": offset})
        clip = cut_window(connection, store, request, Path(scratch))
        if clip is None:
            raise NotFound(
                f"No film of camera {request.camera_code} shows any of this window",
                remedy="Index the footage (`rtv evidence index`), or check camera and times.",
                code="FOOTAGE_NOT_FOUND",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        paths = []
        for number, source in enumerate(clip.paths, 1):
            stem = target.stem if number == 1 else f"{target.stem}-{number}"
            # The name must say what the file holds: samples an MP4 cannot hold are in Matroska.
            path = target.with_name(stem + source.suffix)
            shutil.move(source, path)
            paths.append(path)
    return WrittenClip(tuple(paths), clip.manifest.as_dict())
