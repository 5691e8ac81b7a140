"""Presentations of sealed clips in a real warehouse: made once, signed for, sealed, masks drawn."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rtv_commands.cut_to_file import cut_to_file
from rtv_commands.present_clips import present_clips
from rtv_commands.set_masks import set_masks
from rtv_commands.verify_audit import verify_audit
from rtv_core.errors import InvalidInput, NotFound, NotPermitted
from rtv_core.evidence.notes import VerifierKey, open_note
from rtv_core.evidence.seal import ensure_seal_key
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.model.mask import Mask
from rtv_core.model.window import ClipRequest
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.presentation_store import masks_in_force
from tests.fixtures.footage_hub import BEGAN, NOW, Hub, add_discrepancy, make_hub

_OPS = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}))
_FACE = Mask(50, 0, 50, 50)


@pytest.fixture
def hub(warehouse_dsn: str, tmp_path: Path) -> Hub:
    """Eight seconds of one camera, of which two discrepancies of one capture are cut and sealed."""
    hub = make_hub(warehouse_dsn, tmp_path)
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=8)
    hub.index()
    with psycopg.connect(hub.dsn) as connection:
        lineage = "'default', 1, 1, gen_random_uuid()"
        connection.execute(
            "insert into raw.qc_captures (capture_id, tenant_code, _file_id, _row_no, _key_hash) "
            f"values ('C1', {lineage})".encode()
        )
        for number, seen_at in enumerate(("2026-11-01T10:00:04+05:30", "2026-11-01T10:00:04", "2026-11-02")):
            connection.execute(
                "insert into raw.qc_capture_items (tenant_code, item_no, scanned_code, seen_at, _file_id, "
                "_row_no, _position) values ('default', %s, %s, %s, 1, 1, %s)",
                (number, f"890{number}", seen_at, number),
            )
    for key in ("d1", "d2"):
        add_discrepancy(hub, key, 3, 5, capture_id="C1")
    assert hub.cut(hub.plan()).cut == 2
    return hub


def _present(hub: Hub, minutes: int = 0) -> dict[str, int]:
    now = NOW + timedelta(minutes=minutes)
    counts = present_clips(hub.dsn, hub.store, settings=hub.settings, now=now).as_dict()
    assert counts.pop("findings") == []
    return counts


def _mask(hub: Hub, *masks: Mask, minutes: int = 0) -> None:
    now = NOW + timedelta(minutes=minutes)
    set_masks(hub.dsn, "cam-1", masks, reason="a desk of another tenant", actor=_OPS, now=now)


def test_a_masked_cameras_clips_get_a_signed_and_sealed_presentation_once(hub: Hub) -> None:
    assert _present(hub) == {"made": 0, "already": 0, "failed": 0}, "no mask, no claim"
    _mask(hub, _FACE)
    assert _present(hub) == {"made": 2, "already": 0, "failed": 0}
    assert _present(hub) == {"made": 0, "already": 0, "failed": 0}
    key = ensure_seal_key(hub.settings.seal_key_file, hub.settings.seal.origin)
    clips = hub.rows("select clip_id, leaf_index, sha256 from ops.clips order by clip_id")
    made = hub.rows(
        "select p.*, l.canonical from ops.presentations as p "
        "inner join ops.seal_leaves as l using (leaf_index) order by clip_id"
    )
    for clip, row in zip(clips, made, strict=True):
        record, entry = json.loads(row["record"]), json.loads(row["canonical"])
        digest = hashlib.sha256(row["record"].encode()).hexdigest()
        signed = open_note(row["record_note"], VerifierKey(key.name, key.public_bytes))
        assert signed == f"rtv-hub/derived/v1\n{digest}\n"
        assert (entry["kind"], entry["record_sha256"]) == ("presentation", digest)
        assert entry["clip_leaf_index"] == record["clip_leaf_index"] == clip["leaf_index"]
        (film,) = record["films"]
        assert film["source_sha256"] == clip["sha256"]
        assert film["sha256"] == entry["sha256"]
        assert record["masks"] == [_FACE.as_dict()]
        assert set(record["programs"]) == {"ffmpeg", "rtv-hub", "typst"}
        assert record["stamped"]["timezone"] == "Asia/Kolkata"
        named = [film, film["sheet"], *film["stills"]]
        assert {one["name"]: one["sha256"] for one in named} == {
            name: file["sha256"] for name, file in row["files"].items()
        }
        for file in row["files"].values():
            assert hashlib.sha256(hub.store.get_bytes(file["object_key"])).hexdigest() == file["sha256"]
        # The naive time is the node's: both were scanned at one moment; the third is not in the film.
        assert [[scan["label"] for scan in still["scans"]] for still in film["stills"]] == [["8900", "8901"]]
    assert made[0]["files"] == made[1]["files"], "the same inputs give the same bytes"


def test_other_masks_make_another_presentation_and_the_ones_before_stay(hub: Hub) -> None:
    _mask(hub, _FACE)
    _present(hub)
    _mask(hub, Mask(0, 0, 10, 10), minutes=1)
    assert _present(hub, minutes=2)["made"] == 2
    _mask(hub, minutes=3)
    assert _present(hub, minutes=4)["made"] == 0
    assert len(hub.rows("select * from ops.presentations")) == 4
    with connect(hub.dsn) as connection:
        times = (NOW - timedelta(minutes=1), NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=3))
        found = [masks_in_force(connection, "default", at).get("cam-1", ()) for at in times]
    assert found == [(), (_FACE,), (Mask(0, 0, 10, 10),), ()]
    assert verify_audit(hub.dsn).is_whole
    assert len(hub.rows("select * from ops.audit_trail where verb = 'set_masks'")) == 3


def test_a_clip_that_is_not_the_sealed_one_gets_no_presentation(hub: Hub) -> None:
    _mask(hub, _FACE)
    (row,) = hub.rows("select distinct object_key from ops.clips")
    path = next(hub.folder.parent.joinpath("store").rglob(row["object_key"].rpartition("/")[2]))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    summary = present_clips(hub.dsn, hub.store, settings=hub.settings, now=NOW)
    assert (summary.made, summary.failed) == (0, 2)
    assert all("CLIP_HASH_MISMATCH" in finding for finding in summary.findings)
    assert hub.rows("select * from ops.presentations") == []


def test_a_masked_cameras_film_leaves_as_a_presentation_alone(hub: Hub, tmp_path: Path) -> None:
    _mask(hub, _FACE)
    request = ClipRequest(
        tenant_code="default", camera_code="cam-1", window_start_at=BEGAN + timedelta(seconds=3),
        window_end_at=BEGAN + timedelta(seconds=5),
    )  # fmt: skip
    for mode in ("snap", "exact"):
        asked = request.model_copy(update={"cut_mode": mode})
        with pytest.raises(NotPermitted, match="has masks"):
            cut_to_file(hub.dsn, hub.store, asked, tmp_path / "out.mp4", now=NOW)
        before = NOW - timedelta(seconds=1)
        assert cut_to_file(hub.dsn, hub.store, asked, tmp_path / f"{mode}.mp4", now=before).paths
    shown = request.model_copy(update={"cut_mode": "presentation"})
    cut_to_file(hub.dsn, hub.store, shown, tmp_path / "out.mp4", now=NOW)
    cut_to_file(hub.dsn, hub.store, shown, tmp_path / "bare.mp4", now=NOW - timedelta(seconds=1))
    assert (tmp_path / "out.mp4").read_bytes() != (tmp_path / "bare.mp4").read_bytes()


def test_masks_need_a_known_camera_a_reason_and_the_role(hub: Hub) -> None:
    nobody = Actor(ActorKind.PERSON, "ravi", frozenset({Role.CLAIMS}))
    for camera, reason, actor, error in (
        ("cam-9", "why", _OPS, NotFound),
        ("cam-1", " ", _OPS, InvalidInput),
        ("cam-1", "why", nobody, NotPermitted),
    ):
        with pytest.raises(error):
            set_masks(hub.dsn, camera, [_FACE], reason=reason, actor=actor, now=NOW)
    assert hub.rows("select * from ops.camera_masks") == []
