"""Cuts planned clips: film to object store, then the clip's row and its place in the seal log at once.

A cut that is killed leaves at most an object that no row names; the same cut again gives the same bytes
under the same key. Nothing is cut twice.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rtv_core.errors import TerminalError
from rtv_core.evidence.cutter import CutClip
from rtv_core.evidence.lock_check import check_lock
from rtv_core.evidence.playable import make_playable, needs_copy
from rtv_core.evidence.remux import remux_recording
from rtv_core.evidence.seal import SealKey, append_entry, canonical_json, ensure_seal_key
from rtv_core.evidence.shelf import cut_window
from rtv_core.model.window import ClipRequest
from rtv_core.objects import ObjectStore, content_key
from rtv_core.settings import Settings
from rtv_core.warehouse import footage_store
from rtv_core.warehouse.connection import Connection, connect

NO_FILM = "No film of this camera shows the window"
NOT_YET = "The film says that it begins later than now: the clock of its device is ahead"
NO_ORIGINAL = "The film of the capture is not in the store"


@dataclass(slots=True)
class CutSummary:
    """How requests were answered; `already` were cut before."""

    cut: int = 0
    no_footage: int = 0
    failed: int = 0
    already: int = 0

    def counts(self) -> dict[str, int]:
        """As JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: str
    manifest: dict[str, Any] | None = None
    finding: str | None = None
    object_key: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class _Bench:
    connection: Connection
    store: ObjectStore
    key: SealKey
    retain_until: datetime
    folder: Path
    now: datetime


def cut_clips(
    dsn: str, store: ObjectStore, requests: Sequence[ClipRequest], *, settings: Settings, now: datetime
) -> CutSummary:
    """Answer each request with a clip, or with why there is none."""
    summary = CutSummary()
    key = ensure_seal_key(settings.seal_key_file, settings.seal.origin)
    retain_until = now + timedelta(days=settings.evidence.retention_days)
    with (
        connect(dsn, autocommit=True, application_name="rtv-cut-clips") as connection,
        tempfile.TemporaryDirectory(prefix="rtv-cut-") as scratch,
    ):
        footage_store.record_lock_check(connection, check_lock(store, now), now)
        bench = _Bench(connection, store, key, retain_until, Path(scratch), now)
        answers: dict[tuple[Any, ...], _Answer] = {}
        for request in requests:
            if footage_store.is_cut(connection, request):
                summary.already += 1
                continue
            same = (*request.key[4:], *_seen_by(request))
            if same not in answers:
                answers[same] = _answer(bench, request)
            _record(bench, request, answers[same], summary)
    return summary


def _seen_by(request: ClipRequest) -> tuple[str | None, ...]:
    """Requests of one window that share these share their film: it is cut once."""
    return (
        request.tenant_code,
        request.cut_mode,
        request.camera_code,
        request.capture_sha256,
        request.capture_object_key,
        request.finding,
    )


def _answer(bench: _Bench, request: ClipRequest) -> _Answer:
    if request.window_start_at > bench.now:
        # What is sealed before it was recorded proves nothing.
        return _Answer("no_footage", finding=NOT_YET)
    try:
        if request.cut_mode == "original":
            return _original(bench, request)
        if request.camera_code is None:
            return _Answer("no_footage", finding=request.finding)
        clip = cut_window(bench.connection, bench.store, request, bench.folder, now=bench.now)
        return _stored(bench, request, clip) if clip else _Answer("no_footage", finding=NO_FILM)
    except TerminalError as error:
        return _Answer("failed", finding=f"{error.code}: {error.fact}. {error.remedy}")


def _stored(bench: _Bench, request: ClipRequest, clip: CutClip) -> _Answer:
    files = []
    playable: dict[str, Any] = {}
    for path, file in zip(clip.paths, clip.manifest.files, strict=True):
        if not playable and needs_copy(file.codec):
            playable = _encoded(bench, request, path)
        key = content_key(f"evidence/{request.tenant_code}", file.sha256, path.suffix)
        bench.store.put_file(key, path, sha256=file.sha256, retain_until=bench.retain_until)
        path.unlink()
        files.append(replace(file, object_key=key))
    manifest = replace(clip.manifest, files=tuple(files))
    findings = [*manifest.findings, *([request.finding] if request.finding else [])]
    findings += [f"No film for {gap.seconds:g} s from {gap.start_at}" for gap in manifest.gaps]
    return _Answer(
        "cut",
        manifest=replace(manifest, findings=tuple(findings)).as_dict() | playable,
        finding="; ".join(findings) or None,
        object_key=files[0].object_key,
        sha256=files[0].sha256,
        size_bytes=files[0].size_bytes,
    )


def _encoded(bench: _Bench, request: ClipRequest, clip: Path) -> dict[str, Any]:
    """The manifest's word on a copy for browsers; a clip that cannot be encoded is still the proof."""
    target = bench.folder / "playable.mp4"
    try:
        made = make_playable(clip, target)
        copy_key = content_key(f"evidence/{request.tenant_code}", made.sha256, ".mp4")
        bench.store.put_file(copy_key, target, sha256=made.sha256, retain_until=bench.retain_until)
    except TerminalError as error:
        return {"not_playable": f"{error.code}: {error.fact}"}
    finally:
        target.unlink(missing_ok=True)
    return {"playable": {"object_key": copy_key, "sha256": made.sha256, "size_bytes": made.size_bytes}}


def _original(bench: _Bench, request: ClipRequest) -> _Answer:
    key = request.capture_object_key
    info = bench.store.head(key) if key else None
    if key is None or info is None:
        return _Answer("no_footage", finding=NO_ORIGINAL)
    file = {"object_key": key, "sha256": request.capture_sha256, "size_bytes": info.size_bytes}
    manifest: dict[str, Any] = {"format": "rtv-clip/1", "cut_mode": "original", "files": [file]}
    finding = None
    if key.endswith(".webm"):
        try:
            manifest["playable"] = _playable(bench, request, key)
        except TerminalError as error:
            finding = f"{error.code}: {error.fact}"
    return _Answer("cut", manifest, finding, key, request.capture_sha256, info.size_bytes)


def _playable(bench: _Bench, request: ClipRequest, key: str) -> dict[str, Any]:
    """A copy of a browser's recording that knows its length: the same samples in another file."""
    source, target = bench.folder / "recording.webm", bench.folder / "playable.webm"
    bench.store.download(key, source)
    try:
        made = remux_recording(source, target)
        copy_key = content_key(f"evidence/{request.tenant_code}", made.sha256, ".webm")
        bench.store.put_file(copy_key, target, sha256=made.sha256, retain_until=bench.retain_until)
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
    return {"object_key": copy_key, "sha256": made.sha256, "size_bytes": made.size_bytes}


def _record(bench: _Bench, request: ClipRequest, answer: _Answer, summary: CutSummary) -> None:
    connection, now = bench.connection, bench.now
    with connection.transaction():
        clip_id = footage_store.record_clip(connection, request, now=now, **asdict(answer))
        if clip_id is None:
            summary.already += 1
            return
        if answer.status == "cut":
            entry = clip_entry(request, answer.manifest or {}, sha256=answer.sha256 or "", now=now)
            footage_store.mark_clip_sealed(
                connection, clip_id, append_entry(connection, bench.key, entry, now)
            )
    if answer.status == "cut":
        summary.cut += 1
    elif answer.status == "no_footage":
        summary.no_footage += 1
    else:
        summary.failed += 1


def clip_entry(
    request: ClipRequest, manifest: dict[str, Any], *, sha256: str, now: datetime
) -> dict[str, Any]:
    """What the seal log holds of a clip: its hash and that of its manifest, which names its sources."""
    return {
        "kind": "clip",
        "tenant_code": request.tenant_code,
        "discrepancy_key": request.discrepancy_key,
        "capture_id": request.capture_id,
        "camera_code": request.camera_code,
        "cut_mode": request.cut_mode,
        "window_start_at": request.window_start_at.isoformat(),
        "window_end_at": request.window_end_at.isoformat(),
        "sha256": sha256,
        "manifest_sha256": hashlib.sha256(canonical_json(manifest)).hexdigest(),
        "sealed_at": now.isoformat(),
    }
