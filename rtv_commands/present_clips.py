"""Makes the presentation of sealed clips: for cameras with masks, and for claims that wait for approval.

Its files go to the store, then its row and its place in the seal log at once. Nothing is made twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rtv_core.errors import TerminalError
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.derived import derived_record, film_record, presentation_entry, sign_record
from rtv_core.evidence.presentation import Picture, Scan, contact_sheet, cut_presentation, scan_stills
from rtv_core.evidence.seal import SealKey, append_entry, canonical_json, ensure_seal_key
from rtv_core.model.clip import ClipManifest
from rtv_core.model.window import ClipRequest
from rtv_core.objects import ObjectStore, content_key
from rtv_core.objects.fetching import Mismatch, fetch_object
from rtv_core.settings import Settings
from rtv_core.warehouse import footage_store, presentation_store
from rtv_core.warehouse.connection import Connection, connect
from rtv_core.warehouse.presentation_store import ClipToPresent


@dataclass(slots=True)
class PresentSummary:
    """What one run did; `already` were made by another worker meanwhile, `findings` say why others failed."""

    made: int = 0
    already: int = 0
    failed: int = 0
    findings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Bench:
    connection: Connection
    store: ObjectStore
    key: SealKey
    retain_until: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class _Made:
    """A presentation as files in a folder, and its record but for the clip it is of."""

    paths: dict[str, tuple[Path, str]]
    manifest: ClipManifest
    record: dict[str, Any]


def present_clips(
    dsn: str, store: ObjectStore, *, settings: Settings, now: datetime, tenant_code: str | None = None
) -> PresentSummary:
    """Make every presentation that is due; one that cannot be made is counted and left for later."""
    summary = PresentSummary()
    key = ensure_seal_key(settings.seal_key_file, settings.seal.origin)
    retain_until = now + timedelta(days=settings.evidence.retention_days)
    with connect(dsn, autocommit=True, application_name="rtv-present") as connection:
        bench = _Bench(connection, store, key, retain_until, now)
        for alike in _alike(presentation_store.clips_to_present(connection, tenant_code, now)):
            with tempfile.TemporaryDirectory(prefix="rtv-present-") as scratch:
                try:
                    made = _make(bench, alike[0], Path(scratch))
                except TerminalError as error:
                    summary.failed += len(alike)
                    summary.findings += [f"Clip {clip.clip_id}: {error.code}: {error.fact}" for clip in alike]
                    continue
                kept = [_keep(bench, clip, made) for clip in alike]
            summary.made += sum(kept)
            summary.already += len(kept) - sum(kept)
    return summary


def _alike(clips: Sequence[ClipToPresent]) -> list[list[ClipToPresent]]:
    """Clips of one moment that show the same and are stamped the same: their films are made once."""
    groups: dict[tuple[Any, ...], list[ClipToPresent]] = {}
    for clip in clips:
        shown = (clip.tenant_code, canonical_json(clip.manifest), clip.masks)
        groups.setdefault((*shown, clip.awb_no, clip.rtv_no, clip.capture_id), []).append(clip)
    return list(groups.values())


def _make(bench: _Bench, clip: ClipToPresent, folder: Path) -> _Made:
    manifest = ClipManifest.from_dict(clip.manifest)
    camera = footage_store.cameras(bench.connection, clip.tenant_code).get(clip.camera_code)
    timezone = camera.timezone if camera else "UTC"
    request = _request(clip, manifest)
    snap = _fetched(bench.store, manifest, folder)
    made = cut_presentation(snap, folder, request, timezone=timezone, masks=clip.masks)
    scans = _scans(bench.connection, clip, ZoneInfo(timezone))
    paths: dict[str, tuple[Path, str]] = {}
    films = []
    for source, file, path in zip(manifest.files, made.manifest.files, made.paths, strict=True):
        paths[file.name] = path, file.sha256
        frames = sum(part.frames for part in file.parts)
        sheet = contact_sheet(path, frames, path.with_name(f"{path.stem}-sheet.jpg"))
        stills = scan_stills(path, file, scans, folder)
        for picture in (sheet, *stills):
            paths[picture.path.name] = picture.path, picture.sha256
        films.append(film_record(source, file, _said(sheet), [_said(still) for still in stills]))
    record = derived_record(request, made.manifest, films, masks=clip.masks, timezone=timezone)
    return _Made(paths, made.manifest, record)


def _keep(bench: _Bench, clip: ClipToPresent, made: _Made) -> bool:
    files, area = {}, f"presentations/{clip.tenant_code}"
    for name, (path, sha256) in made.paths.items():
        object_key = content_key(area, sha256, path.suffix)
        bench.store.put_file(object_key, path, sha256=sha256, retain_until=bench.retain_until)
        files[name] = {"object_key": object_key, "sha256": sha256, "size_bytes": path.stat().st_size}
    stated = {"clip_leaf_index": clip.leaf_index, "made_at": bench.now.isoformat()}
    record = made.record | stated
    signed = sign_record(bench.key, record)
    with bench.connection.transaction():
        presentation_id = presentation_store.add_presentation(
            bench.connection, clip, manifest=made.manifest.as_dict(), files=files, signed=signed,
            now=bench.now,
        )  # fmt: skip
        if presentation_id is None:
            return False
        entry = presentation_entry(record, signed, bench.now)
        leaf_index = append_entry(bench.connection, bench.key, entry, bench.now)
        presentation_store.mark_sealed(bench.connection, presentation_id, leaf_index)
    return True


def _fetched(store: ObjectStore, manifest: ClipManifest, folder: Path) -> CutClip:
    """The sealed clip's films in a folder, each held against its hash."""
    paths = []
    for file in manifest.files:
        path = folder / f"snap-{file.name}"
        mismatch = Mismatch(
            "CLIP_HASH_MISMATCH",
            f"The clip {file.name} in the store is not the one that was sealed",
            "the seal log",
        )
        fetch_object(store, file.object_key or "", path, sha256=file.sha256, mismatch=mismatch)
        paths.append(path)
    return CutClip(tuple(paths), manifest)


def _request(clip: ClipToPresent, manifest: ClipManifest) -> ClipRequest:
    return ClipRequest(
        tenant_code=clip.tenant_code, cut_mode="presentation", camera_code=clip.camera_code,
        window_start_at=datetime.fromisoformat(manifest.window_start_at),
        window_end_at=datetime.fromisoformat(manifest.window_end_at),
        clock_offset_seconds=manifest.clock_offset_seconds, awb_no=clip.awb_no, rtv_no=clip.rtv_no,
    )  # fmt: skip


def _scans(connection: Connection, clip: ClipToPresent, zone: ZoneInfo) -> list[Scan]:
    """The scans of the clip's capture; a time without a zone is the node's."""
    if clip.capture_id is None:
        return []
    scans = []
    for written, label in presentation_store.scan_times(connection, clip.tenant_code, clip.capture_id):
        at = datetime.fromisoformat(written)
        scans.append(Scan(at if at.tzinfo else at.replace(tzinfo=zone), label))
    return scans


def _said(picture: Picture) -> dict[str, Any]:
    return {"name": picture.path.name, **picture.as_dict()}
