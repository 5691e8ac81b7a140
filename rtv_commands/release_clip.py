"""Releases a sealed clip as it is, of a camera with masks too: for a reason, to somebody, written down."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.clip_files import move_whole
from rtv_core.identity import Actor, Role
from rtv_core.objects import ObjectStore
from rtv_core.objects.fetching import Mismatch, fetch_object
from rtv_core.warehouse import footage_store
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.disclosure_store import Disclosure, note_disclosure


@dataclass(frozen=True, slots=True)
class ReleasedClip:
    """What was released, and where it was written."""

    clip_id: int
    paths: tuple[Path, ...]
    sha256: str


def release_clip(
    dsn: str,
    store: ObjectStore,
    clip_id: int,
    target: Path,
    *,
    reason: str,
    to: str,
    actor: Actor,
    now: datetime,
) -> ReleasedClip:
    """Write the clip's sealed films to `target`, further ones beside it, once the release is in the log.

    Raises `InvalidInput` without a reason or a receiver, or when `target` is there, `NotFound` for a clip
    that was not cut or whose retention has ended, `NotPermitted` without the role.
    """
    actor.require(Role.OPS)
    if not reason.strip() or not to.strip():
        raise InvalidInput(
            "A release has a reason and a receiver",
            remedy="Say why and to whom: --reason … --to ….",
            code="RELEASE_ARGUMENTS",
        )
    if target.exists():
        raise InvalidInput(
            f"{target} is there already", remedy="Name a file that is not.", code="TARGET_EXISTS"
        )
    with (
        connect(dsn, application_name="rtv-release") as connection,
        tempfile.TemporaryDirectory(prefix="rtv-release-") as scratch,
    ):
        films = footage_store.films_of_clip(connection, actor.tenant_code, clip_id)
        if not films:
            raise NotFound(
                f"There is no film of clip {clip_id} to release",
                remedy="See its finding on the Evidence page; its retention may have ended.",
                code="CLIP_NOT_FOUND",
            )
        fetched = [_fetched(store, film, Path(scratch) / str(place)) for place, film in enumerate(films)]
        what = Disclosure("release", str(clip_id), films[0]["sha256"], to.strip(), reason.strip())
        note_disclosure(connection, what, actor=actor, now=now)
        # The log first: a release that is written down and did not leave harms nobody.
        connection.commit()
        target.parent.mkdir(parents=True, exist_ok=True)
        paths = []
        for number, (source, film) in enumerate(zip(fetched, films, strict=True), 1):
            stem = target.stem if number == 1 else f"{target.stem}-{number}"
            paths.append(target.with_name(stem + PurePosixPath(film["object_key"]).suffix))
            move_whole(source, paths[-1])
    return ReleasedClip(clip_id, tuple(paths), films[0]["sha256"])


def _fetched(store: ObjectStore, film: dict[str, str], path: Path) -> Path:
    mismatch = Mismatch(
        "CLIP_HASH_MISMATCH", "The clip in the store is not the one that was sealed", "the seal log"
    )
    return fetch_object(store, film["object_key"], path, sha256=film["sha256"], mismatch=mismatch)
