"""Retention in a real warehouse: what is past its time goes, what is needed or locked stays."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rtv_commands.approve_claim import approve_claim
from rtv_commands.assemble_claims import assemble_claims
from rtv_commands.hold_evidence import HoldSummary, hold_evidence
from rtv_commands.receive_upload import UploadDesk
from rtv_commands.retain_media import STRAY_AFTER, RetentionSummary, retain_media
from rtv_commands.verify_audit import verify_audit
from rtv_core.errors import NotPermitted
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect
from tests.fixtures.claim_world import NOW, ClaimWorld, discrepancy, make_claim_world

DAYS = 400
LATER = NOW + timedelta(days=DAYS + 1)
BAY = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPERATOR}))
NOTHING = RetentionSummary(0, 0, 0, 0)


@pytest.fixture
def world(warehouse_dsn: str, tmp_path: Path) -> ClaimWorld:
    return make_claim_world(warehouse_dsn, tmp_path)


@pytest.fixture
def desk(world: ClaimWorld, tmp_path: Path) -> UploadDesk:
    return UploadDesk(world.dsn, world.store, tmp_path / "uploads", 10**6, 14)


def _retain(world: ClaimWorld, now: datetime, uploads: Path | None = None) -> RetentionSummary:
    folder = uploads or world.settings.upload_folder
    return retain_media(
        world.dsn, world.store, upload_folder=folder, retention_days=DAYS, actor=job("retain_media"), now=now
    )


def _hold(world: ClaimWorld) -> HoldSummary:
    return hold_evidence(world.dsn, world.store, actor=job("retain_media"), now=NOW)


def _object_keys(world: ClaimWorld) -> list[str | None]:
    return [row["object_key"] for row in world.rows("select object_key from ops.clips order by clip_id")]


def _begin(desk: UploadDesk, now: datetime, content: bytes = b"\x1a\x45\xdf\xa3 half") -> Path:
    upload = desk.start(
        size_bytes=1000, file_name="open.webm", media_type="video/webm", sha256=None, capture_id="CAP-1",
        metadata=None, actor=BAY, now=now,
    )  # fmt: skip
    part = desk.folder / f"{upload.upload_id}.part"
    part.write_bytes(content)
    return part


def test_an_expired_clip_goes_and_its_removal_is_written_down(world: ClaimWorld) -> None:
    sha256 = world.add_sealed_clip("a" * 32)
    (key,) = _object_keys(world)
    assert _retain(world, NOW + timedelta(days=DAYS)) == NOTHING
    assert _retain(world, LATER) == RetentionSummary(1, 0, 0, 0)
    assert key is not None
    assert world.store.head(key) is None
    assert _object_keys(world) == [None]
    (row,) = world.rows("select actor_name, verb, object_kind, detail, happened_at from ops.audit_trail")
    assert row == {
        "actor_name": "retain_media", "verb": "remove_expired", "object_kind": "clip",
        "detail": {"object_key": key, "sha256": sha256}, "happened_at": LATER,
    }  # fmt: skip
    assert [row["entry"]["sha256"] for row in world.rows("select entry from ops.seal_leaves")] == [sha256]
    assert _retain(world, LATER) == NOTHING
    assert verify_audit(world.dsn).is_whole


def test_a_clip_that_the_store_locks_stays(world: ClaimWorld) -> None:
    world.add_sealed_clip("a" * 32)
    (key,) = _object_keys(world)
    assert key is not None
    content = world.store.get_bytes(key)
    world.store.delete(key)
    world.store.put_bytes(key, content, retain_until=datetime.now(UTC) + timedelta(days=1))
    assert _retain(world, LATER) == RetentionSummary(0, 1, 0, 0)
    assert _object_keys(world) == [key]
    assert world.store.get_bytes(key) == content
    assert world.rows("select * from ops.audit_trail") == []


def test_a_clip_on_an_open_claim_stays_until_the_claim_is_closed(world: ClaimWorld) -> None:
    world.set_discrepancies(discrepancy())
    world.add_sealed_clip(discrepancy()["discrepancy_key"])
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    (claim,) = world.rows("select claim_no, row_version from ops.claims")
    approve_claim(world.dsn, claim["claim_no"], claim["row_version"], world.person, NOW)
    assert _retain(world, LATER) == NOTHING
    with connect(world.dsn) as connection:
        connection.execute("update ops.claims set claim_status = 'closed'")
    assert _retain(world, LATER).clips_removed == 1


def test_the_evidence_of_an_open_claim_is_held_and_let_go_when_it_is_over(world: ClaimWorld) -> None:
    world.set_discrepancies(discrepancy())
    world.add_sealed_clip(discrepancy()["discrepancy_key"])
    world.add_sealed_clip("a" * 32, b"a film of no claim")
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    key, free = _object_keys(world)
    assert key is not None
    assert free is not None
    part = "clips/part-2.mp4"
    world.store.put_bytes(part, b"its second file")
    with connect(world.dsn) as connection:
        connection.execute(
            "update ops.clips set manifest = %s where object_key = %s",
            (f'{{"files": [{{"object_key": "{part}"}}, {{"object_key": "clips/lost.mp4"}}]}}', key),
        )
    assert _hold(world) == HoldSummary(held=2, refused=1)
    assert _hold(world) == HoldSummary(refused=1)
    for held in (key, part):
        with pytest.raises(NotPermitted, match="held for a claim"):
            world.store.delete(held)
    info = world.store.head(key)
    assert info is not None
    assert info.is_held
    assert [found.key for found in world.store.list("clips/")] == sorted([key, free, part])
    with connect(world.dsn) as connection:
        connection.execute("update ops.claims set claim_status = 'closed'")
    assert _hold(world) == HoldSummary(let_go=2)
    assert _retain(world, LATER).clips_removed == 2
    verbs = [row["verb"] for row in world.rows("select verb from ops.audit_trail order by audit_id")]
    assert verbs.count("hold_evidence") == verbs.count("let_go_evidence") == 2
    assert verify_audit(world.dsn).is_whole


def test_an_object_that_another_clip_still_needs_stays(world: ClaimWorld) -> None:
    world.set_discrepancies(discrepancy())
    world.add_sealed_clip("a" * 32)
    world.add_sealed_clip(discrepancy()["discrepancy_key"])
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    assert len(set(_object_keys(world))) == 1
    assert _retain(world, LATER) == NOTHING
    with connect(world.dsn) as connection:
        connection.execute("update ops.claims set claim_status = 'dropped'")
        connection.execute("update ops.clips set cut_at = %s where clip_id = 2", (LATER,))
    assert _retain(world, LATER) == NOTHING
    assert _retain(world, LATER + timedelta(days=DAYS + 1)).clips_removed == 2


def test_an_upload_nobody_finished_goes_with_its_bytes(world: ClaimWorld, desk: UploadDesk) -> None:
    old, young = _begin(desk, NOW), _begin(desk, NOW + timedelta(days=1))
    assert _retain(world, NOW + timedelta(days=14), desk.folder) == NOTHING
    after = NOW + timedelta(days=14, seconds=1)
    assert _retain(world, after, desk.folder) == RetentionSummary(0, 0, 1, 0)
    assert list(desk.folder.iterdir()) == [young]
    assert [row["upload_id"] for row in world.rows("select upload_id from ops.uploads")] == [young.stem]
    (row,) = world.rows("select verb, object_kind, object_id, detail from ops.audit_trail")
    assert (row["verb"], row["object_kind"], row["object_id"]) == ("remove_expired", "upload", old.stem)
    assert row["detail"] == {
        "file_name": "open.webm", "capture_id": "CAP-1", "size_bytes": 1000, "created_by": "asha",
    }  # fmt: skip
    assert _retain(world, after, desk.folder) == NOTHING


def test_an_expired_upload_without_its_file_is_forgotten(world: ClaimWorld, desk: UploadDesk) -> None:
    _begin(desk, NOW).unlink()
    assert _retain(world, NOW + timedelta(days=15), desk.folder).uploads_removed == 1
    assert world.rows("select * from ops.uploads") == []


def test_an_upload_that_is_being_written_stays(world: ClaimWorld, desk: UploadDesk) -> None:
    part = _begin(desk, NOW)
    with part.open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert _retain(world, NOW + timedelta(days=15), desk.folder) == RetentionSummary(0, 0, 0, 1)
        assert part.exists()
    assert _retain(world, NOW + timedelta(days=15), desk.folder) == RetentionSummary(0, 0, 1, 0)


def test_a_finished_upload_stays_as_evidence(world: ClaimWorld, desk: UploadDesk, tmp_path: Path) -> None:
    film = b"\x1a\x45\xdf\xa3" + b"x" * 996
    part = _begin(desk, NOW, film)
    assert desk.state(part.stem, actor=BAY, now=NOW).is_complete
    assert _retain(world, LATER, desk.folder) == NOTHING
    (row,) = world.rows("select object_key from ops.uploads")
    assert FolderStore(tmp_path / "store").get_bytes(row["object_key"]) == film


def test_files_that_a_kill_left_behind_go_after_a_day(world: ClaimWorld, desk: UploadDesk) -> None:
    part = _begin(desk, NOW, b"\x1a\x45\xdf\xa3" + b"x" * 996)
    desk.state(part.stem, actor=BAY, now=NOW)
    running = _begin(desk, NOW)
    strays = [part, desk.folder / f"{'0' * 32}.part"]
    for stray in (*strays, running):
        stray.write_bytes(b"left")
        os.utime(stray, (NOW.timestamp(), NOW.timestamp()))
    _retain(world, NOW + STRAY_AFTER, desk.folder)
    assert all(stray.exists() for stray in strays)
    _retain(world, NOW + STRAY_AFTER + timedelta(seconds=1), desk.folder)
    assert list(desk.folder.iterdir()) == [running]
