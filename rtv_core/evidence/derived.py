"""The derived-from record: what a presentation was made of, how, and with which programs; signed by the hub.

It names every file that was made by its hash, and each film of the sealed clip that one was made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Any

import imageio_ffmpeg

from rtv_core.evidence.bundle_files.derived import DERIVED_FORMAT
from rtv_core.evidence.encoded import ENCODING
from rtv_core.evidence.notes import SealKey, sign_note
from rtv_core.evidence.seal import canonical_json
from rtv_core.model.clip import ClipFile, ClipManifest
from rtv_core.model.mask import Mask
from rtv_core.model.window import ClipRequest
from rtv_core.warehouse.presentation_store import SignedRecord


def film_record(
    source: ClipFile, file: ClipFile, sheet: Mapping[str, Any], stills: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What a record says of one film that was made, and of the pictures made from it."""
    return {
        "source_sha256": source.sha256,
        "name": file.name,
        "sha256": file.sha256,
        "frames": sum(part.frames for part in file.parts),
        "seconds": file.seconds,
        "first_frame_at": file.parts[0].first_frame_at,
        "sheet": dict(sheet),
        "stills": [dict(still) for still in stills],
    }


def derived_record(
    request: ClipRequest,
    manifest: ClipManifest,
    films: Sequence[Mapping[str, Any]],
    *,
    masks: Sequence[Mask],
    timezone: str,
) -> dict[str, Any]:
    """The record as JSON values, but for what is the clip's own: `clip_leaf_index` and `made_at`."""
    return {
        "format": DERIVED_FORMAT,
        "tenant_code": request.tenant_code,
        "films": [dict(film) for film in films],
        "window_start_at": request.window_start_at.isoformat(),
        "window_end_at": request.window_end_at.isoformat(),
        "gaps": [{"start_at": gap.start_at, "end_at": gap.end_at} for gap in manifest.gaps],
        "stamped": {
            "camera_code": request.camera_code, "awb_no": request.awb_no, "rtv_no": request.rtv_no,
            "timezone": timezone, "clock_offset_seconds": manifest.clock_offset_seconds,
            "clock_uncertainty_seconds": manifest.clock_uncertainty_seconds,
            "clock_source": manifest.clock_source,
        },
        "masks": [mask.as_dict() for mask in masks],
        "has_audio": False,
        "parameters": dict(ENCODING),
        "programs": dict(_programs()),
    }  # fmt: skip


def sign_record(key: SealKey, record: Mapping[str, Any]) -> SignedRecord:
    """Sign a record; the note names the format, so that it can never pass for another kind of statement."""
    content = canonical_json(record)
    note = sign_note(key, f"{DERIVED_FORMAT}\n{hashlib.sha256(content).hexdigest()}\n")
    return SignedRecord(content.decode(), note)


def presentation_entry(record: Mapping[str, Any], signed: SignedRecord, now: datetime) -> dict[str, Any]:
    """What the seal log holds of a presentation: its first film and the hash of its record."""
    return {
        "kind": "presentation",
        "tenant_code": record["tenant_code"],
        "clip_leaf_index": record["clip_leaf_index"],
        "sha256": record["films"][0]["sha256"],
        "record_sha256": hashlib.sha256(signed.record.encode()).hexdigest(),
        "window_start_at": record["window_start_at"],
        "sealed_at": now.isoformat(),
    }


@cache
def _programs() -> tuple[tuple[str, str], ...]:
    """Name and version of what makes the bytes; another version may make other bytes of the same clip."""
    return (
        ("ffmpeg", imageio_ffmpeg.get_ffmpeg_version()),
        *((name, metadata.version(name)) for name in ("rtv-hub", "typst")),
    )
