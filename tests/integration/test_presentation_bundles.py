"""What shows a film in a bundle: beside the sealed clip, or in its place where the camera has masks."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from rtv_commands.approve_claim import approve_claim
from rtv_commands.assemble_claims import assemble_claims
from rtv_commands.build_bundle import BuiltBundle, build_bundle
from rtv_commands.hold_evidence import hold_evidence
from rtv_commands.present_clips import present_clips
from rtv_commands.set_masks import set_masks
from rtv_core.errors import ConflictError, IntegrityError
from rtv_core.evidence.notes import public_key_text
from rtv_core.evidence.seal import ensure_seal_key
from rtv_core.evidence.verify import Outcome, judge_bundle
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.model.mask import Mask
from rtv_core.model.window import ClipRequest
from rtv_core.warehouse.connection import connect
from tests.fixtures.claim_world import ClaimWorld, discrepancy, make_claim_world
from tests.fixtures.footage_hub import BEGAN, NOW, make_hub

_OPS = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}))
_KEY = discrepancy()["discrepancy_key"]


@pytest.fixture
def world(warehouse_dsn: str, tmp_path: Path) -> ClaimWorld:
    """One discrepancy that a camera shows, its clip cut and sealed."""
    world = make_claim_world(warehouse_dsn, tmp_path)
    hub = make_hub(warehouse_dsn, tmp_path)
    world.set_discrepancies(discrepancy())
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=8)
    hub.index()
    assert hub.cut([_request(_KEY)]).cut == 1
    return world


def _request(key: str) -> ClipRequest:
    return ClipRequest(
        tenant_code="default", camera_code="cam-1", discrepancy_key=key, awb_no="AWB1", rtv_no="RTV-1",
        window_start_at=BEGAN + timedelta(seconds=3), window_end_at=BEGAN + timedelta(seconds=5),
    )  # fmt: skip


def _mask(world: ClaimWorld) -> None:
    set_masks(world.dsn, "cam-1", [Mask(0, 0, 50, 50)], reason="a neighbour", actor=_OPS, now=NOW)


def _present(world: ClaimWorld) -> int:
    return present_clips(world.dsn, world.store, settings=world.settings, now=NOW).made


def _assembled(world: ClaimWorld) -> dict[str, object]:
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    (claim,) = world.rows("select claim_no, claim_status, row_version, missing_proof from ops.claims")
    return claim


def _approve(world: ClaimWorld) -> str:
    claim = _assembled(world)
    approve_claim(world.dsn, str(claim["claim_no"]), int(str(claim["row_version"])), world.person, NOW)
    return str(claim["claim_no"])


def _bundle(world: ClaimWorld, claim_no: str, folder: Path) -> tuple[BuiltBundle, Path]:
    built = build_bundle(
        world.dsn, world.store, claim_no, settings=world.settings, actor=world.person, now=NOW
    )
    path = folder / "bundle.zip"
    world.store.download(built.object_key, path)
    return built, path


def _judged(world: ClaimWorld, path: Path) -> tuple[Outcome, str]:
    key = ensure_seal_key(world.settings.seal_key_file, world.settings.seal.origin)
    verdict = judge_bundle(path, public_key_text(key))
    return verdict.outcome, "; ".join(verdict.findings)


def test_a_clip_on_a_claim_goes_out_beside_its_presentation(world: ClaimWorld, tmp_path: Path) -> None:
    assert _assembled(world)["claim_status"] == "ready"
    assert _present(world) == 1
    built, path = _bundle(world, claim_no := _approve(world), tmp_path)
    assert _judged(world, path)[0] == Outcome.PROVEN
    assert "1 presentations are made of sealed clips" in _judged(world, path)[1]
    with zipfile.ZipFile(path) as opened:
        contents = {name.partition("/")[2]: opened.read(name) for name in opened.namelist()}
    names, facts = set(contents), json.loads(contents["data/facts.json"])
    (clip,) = facts["clips"]
    assert clip["file"] in names
    assert clip["presentation_film"] in names
    assert f"data/presentation/{clip['presentation']}/presentation-1-sheet.jpg" in names
    assert f"seal/derived/{clip['presentation']}.json" in names
    again, _ = _bundle(world, claim_no, tmp_path)
    assert again.sha256 == built.sha256


def test_a_masked_cameras_clip_stays_and_its_proof_and_presentation_go(
    world: ClaimWorld, tmp_path: Path
) -> None:
    _mask(world)
    assert _present(world) == 1
    built, path = _bundle(world, claim_no := _approve(world), tmp_path)
    assert _judged(world, path)[0] == Outcome.PROVEN
    (row,) = world.rows("select sha256, object_key, leaf_index from ops.clips")
    snap = world.store.get_bytes(row["object_key"])
    samples = snap[snap.index(b"mdat") + 4 :]
    whole = path.read_bytes()
    assert samples[200:400] not in whole
    with zipfile.ZipFile(path) as opened:
        assert not [name for name in opened.namelist() if "/data/clips/" in name]
        texts = {name.partition("/")[2]: opened.read(name) for name in opened.namelist() if "json" in name}
    (clip,) = json.loads(texts["data/facts.json"])["clips"]
    assert (clip["file"], clip["files"], clip["sha256"]) == (None, [], row["sha256"])
    derived = json.loads(texts[f"seal/derived/{clip['presentation']}.json"])
    assert json.loads(derived["clip"]["entry"])["sha256"] == row["sha256"]
    assert derived["clip"]["leaf_index"] == row["leaf_index"]
    assert _bundle(world, claim_no, tmp_path)[0].sha256 == built.sha256


def test_a_claim_waits_until_its_masked_film_can_be_shown(world: ClaimWorld) -> None:
    before = _assembled(world)
    assert before["claim_status"] == "ready"
    _mask(world)
    with pytest.raises(ConflictError) as caught:
        approve_claim(world.dsn, str(before["claim_no"]), int(str(before["row_version"])), world.person, NOW)
    assert caught.value.code == "PRESENTATION_MISSING"
    after = _assembled(world)
    assert (after["claim_status"], after["missing_proof"]) == ("draft", ["sealed clip for 1 of 1 lines"])
    assert _present(world) == 1
    assert _assembled(world)["claim_status"] == "ready"
    _approve(world)


def test_what_shows_a_clip_on_an_open_claim_is_held_with_it(world: ClaimWorld) -> None:
    _assembled(world)
    assert _present(world) == 1
    (row,) = world.rows("select files from ops.presentations")
    assert hold_evidence(world.dsn, world.store, actor=job("test"), now=NOW).held == 1 + len(row["files"])
    with connect(world.dsn) as connection:
        connection.execute("update ops.claims set claim_status = 'closed'")
    assert hold_evidence(world.dsn, world.store, actor=job("test"), now=NOW).let_go == 1 + len(row["files"])


def test_a_presentation_changed_in_the_store_is_in_no_bundle(world: ClaimWorld, tmp_path: Path) -> None:
    _mask(world)
    _present(world)
    (row,) = world.rows("select files from ops.presentations")
    name = row["files"]["presentation-1-sheet.jpg"]["object_key"].rpartition("/")[2]
    kept = next((tmp_path / "store").rglob(name))
    kept.chmod(0o600)
    kept.write_bytes(b"another picture")
    with pytest.raises(IntegrityError, match="presentation-1-sheet"):
        _bundle(world, _approve(world), tmp_path)
