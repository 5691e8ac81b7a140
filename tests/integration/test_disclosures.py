"""What leaves the hub is written down: releases, bundles; what shows a clip goes with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rtv_commands.assemble_claims import assemble_claims
from rtv_commands.hand_out_bundle import hand_out_bundle
from rtv_commands.present_clips import present_clips
from rtv_commands.release_clip import release_clip
from rtv_commands.retain_media import retain_media
from rtv_commands.set_masks import set_masks
from rtv_commands.verify_audit import verify_audit
from rtv_core.errors import InvalidInput, NotFound, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.model.mask import Mask
from rtv_core.objects.folder import FolderStore
from rtv_core.settings import EvidenceSettings, Settings
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.marts.disclosures import disclosures
from rtv_core.warehouse.marts.evidence import clip_object
from tests.fixtures.claim_world import ClaimWorld, discrepancy, make_claim_world
from tests.fixtures.footage_hub import NOW, Hub, add_discrepancy, make_hub

_OPS = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}))
_CLAIMS = Actor(ActorKind.PERSON, "ravi", frozenset({Role.CLAIMS}))


def _make(dsn: str, folder: Path, retention_days: int) -> Hub:
    """Two discrepancies of one moment, filmed by a camera with a mask, cut and presented."""
    hub = make_hub(dsn, folder)
    hub.settings = Settings(home=folder / "home", evidence=EvidenceSettings(retention_days=retention_days))
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=8)
    hub.index()
    for key in ("d1", "d2"):
        add_discrepancy(hub, key, 3, 5)
    assert hub.cut(hub.plan()).cut == 2
    set_masks(hub.dsn, "cam-1", [Mask(0, 0, 50, 50)], reason="a neighbour", actor=_OPS, now=NOW)
    assert present_clips(hub.dsn, hub.store, settings=hub.settings, now=NOW).made == 2
    return hub


@pytest.fixture
def hub(warehouse_dsn: str, tmp_path: Path) -> Hub:
    return _make(warehouse_dsn, tmp_path, 400)


def test_a_masked_clip_leaves_by_a_release_that_is_written_down(hub: Hub, tmp_path: Path) -> None:
    (clip, _) = hub.rows("select clip_id, sha256, object_key from ops.clips order by clip_id")
    with connect(hub.dsn) as connection:
        shown = [clip_object(connection, "default", clip["clip_id"], playable=flag) for flag in (True, False)]
    assert clip["sha256"] not in {one.sha256 for one in shown}, "people see the presentation alone"
    released = release_clip(
        hub.dsn, hub.store, clip["clip_id"], tmp_path / "out.mp4", reason="order 12/2026 of the court",
        to="District Court, Bengaluru", actor=_OPS, now=NOW,
    )  # fmt: skip
    assert released.paths[0].read_bytes() == hub.store.get_bytes(clip["object_key"])
    with connect(hub.dsn) as connection:
        (row,) = disclosures(connection, "default", limit=10)
        assert disclosures(connection, "other", limit=10) == []
    assert (row.clip_id, row.sha256, row.disclosed_by) == (clip["clip_id"], clip["sha256"], "asha")
    assert (row.disclosed_to, row.purpose) == ("District Court, Bengaluru", "order 12/2026 of the court")
    (told,) = hub.rows("select object_id, detail from ops.audit_trail where verb = 'disclose'")
    assert told["detail"]["disclosed_to"] == "District Court, Bengaluru"
    assert verify_audit(hub.dsn).is_whole
    with psycopg.connect(hub.dsn) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("delete from ops.disclosures")


def test_a_release_needs_role_reason_receiver_and_a_film(hub: Hub, tmp_path: Path) -> None:
    other = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}), "other")
    (clip, _) = hub.rows("select clip_id from ops.clips order by clip_id")
    for actor, reason, to, number, error in (
        (_CLAIMS, "why", "whom", clip["clip_id"], NotPermitted),
        (_OPS, " ", "whom", clip["clip_id"], InvalidInput),
        (_OPS, "why", " ", clip["clip_id"], InvalidInput),
        (_OPS, "why", "whom", 99, NotFound),
        (other, "why", "whom", clip["clip_id"], NotFound),
    ):
        with pytest.raises(error):
            release_clip(
                hub.dsn, hub.store, number, tmp_path / "out.mp4", reason=reason, to=to, actor=actor, now=NOW
            )
    assert list(tmp_path.glob("out*")) == []
    assert hub.rows("select * from ops.disclosures") == []


def test_no_film_leaves_when_the_release_cannot_be_written_down(hub: Hub, tmp_path: Path) -> None:
    (clip, _) = hub.rows("select clip_id from ops.clips order by clip_id")
    with psycopg.connect(hub.dsn) as connection:
        connection.execute("alter table ops.disclosures add check (purpose <> 'why')")
    with pytest.raises(psycopg.errors.CheckViolation):
        release_clip(
            hub.dsn, hub.store, clip["clip_id"], tmp_path / "out.mp4", reason="why", to="whom", actor=_OPS,
            now=NOW,
        )  # fmt: skip
    assert list(tmp_path.glob("*out*")) == []


def test_a_bundle_is_one_disclosure_for_each_link_and_person(warehouse_dsn: str, tmp_path: Path) -> None:
    world: ClaimWorld = make_claim_world(warehouse_dsn, tmp_path)
    world.set_discrepancies(discrepancy())
    world.add_sealed_clip(discrepancy()["discrepancy_key"])
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    (claim,) = world.rows("select claim_no from ops.claims")
    for actor, link in ((_CLAIMS, "a"), (_CLAIMS, "a"), (_OPS, "a"), (_CLAIMS, "b"), (_CLAIMS, None)):
        hand_out_bundle(world.dsn, claim["claim_no"], "00" * 32, actor=actor, now=NOW, link=link)
    rows = world.rows("select disclosed_by, claim_no, disclosed_to from ops.disclosures order by 1")
    assert [row["disclosed_by"] for row in rows] == ["asha", "ravi", "ravi", "ravi"]
    assert {(row["claim_no"], row["disclosed_to"]) for row in rows} == {(claim["claim_no"], "amz")}
    assert len(world.rows("select * from ops.audit_trail where verb = 'disclose'")) == 4


def _shown_keys(hub: Hub) -> set[str]:
    rows = hub.rows("select files from ops.presentations")
    return {file["object_key"] for row in rows for file in row["files"].values()}


def test_what_shows_a_clip_goes_after_it_and_its_record_stays(warehouse_dsn: str, tmp_path: Path) -> None:
    # Cut for a store whose locks are over at once; that a lock holds is tested with clips.
    hub = _make(warehouse_dsn, tmp_path, 0)
    hub_store, keys = FolderStore(tmp_path / "store"), _shown_keys(hub)

    def retain(seconds: float) -> tuple[int, int]:
        summary = retain_media(
            hub.dsn, hub_store, upload_folder=tmp_path / "up", retention_days=0, actor=job("retain_media"),
            now=NOW + timedelta(seconds=seconds),
        )  # fmt: skip
        return summary.clips_removed, summary.presentations_removed

    with psycopg.connect(hub.dsn) as connection:
        connection.execute("update ops.clips set cut_at = cut_at + interval '9 seconds' where clip_id = 2")
    assert retain(1) == (0, 0), "another clip of the same bytes stays"
    assert retain(10) == (2, 2)
    assert not [key for key in keys if hub_store.head(key)]
    assert hub.rows("select 1 from ops.presentations where record = '' or removed_at is null") == []
    kinds = [
        row["object_kind"] for row in hub.rows("select object_kind from ops.audit_trail order by chain_no")
    ]
    assert kinds[-4:] == ["clip", "clip", "presentation", "presentation"]
    assert retain(20) == (0, 0)
