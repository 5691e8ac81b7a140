"""A claim from discrepancies to a bundle that is proven."""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rtv_commands.approve_claim import approve_claim
from rtv_commands.assemble_claims import assemble_claims
from rtv_commands.build_bundle import build_bundle, build_ready_bundles
from rtv_commands.file_claim import file_claim
from rtv_commands.record_outcome import record_outcome
from rtv_commands.verify_bundle import verify_bundle
from rtv_core.claims.moves import move_claim
from rtv_core.errors import ConflictError, IntegrityError, InvalidInput, NotPermitted
from rtv_core.evidence.seal import ensure_seal_key, public_key_text
from rtv_core.evidence.timestamp import LOCAL_AUTHORITY, ensure_local_authority, verify_stamp
from rtv_core.evidence.verify import Outcome
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.model.claim import ClaimStatus
from rtv_core.model.clip import LockCheck
from rtv_core.objects import content_key
from rtv_core.warehouse import footage_store
from rtv_core.warehouse.connection import connect
from tests.fixtures.bundles import files_of
from tests.fixtures.claim_world import NOW, ClaimWorld, discrepancy, make_claim_world

CLAIM_NO = "amz-amz-RTV-1-unit_short-1"


@pytest.fixture
def world(warehouse_dsn: str, tmp_path: Path) -> ClaimWorld:
    return make_claim_world(warehouse_dsn, tmp_path)


def _version(world: ClaimWorld, claim_no: str = CLAIM_NO) -> int:
    return int(
        world.rows(f"select row_version from ops.claims where claim_no = '{claim_no}'")[0]["row_version"]
    )


def _ready_claim(world: ClaimWorld) -> None:
    row = discrepancy()
    world.set_discrepancies(row)
    world.add_sealed_clip(row["discrepancy_key"])
    assemble_claims(world.dsn, actor=job("test"), now=NOW)


def test_a_claim_groups_final_discrepancies_of_one_party_rtv_and_reason(world: ClaimWorld) -> None:
    world.set_discrepancies(
        discrepancy(),
        discrepancy(sku_code="SKU-2", value_minor=500),
        discrepancy(rtv_no="RTV-2"),
        discrepancy(sku_code="SKU-3", is_final=False),
        discrepancy(sku_code="SKU-4", is_overlay=True),
        discrepancy(sku_code="SKU-5", value_minor=None),
        discrepancy(sku_code="SKU-6", liable_role="brand", liable_party_code="us"),
    )
    done = assemble_claims(world.dsn, actor=job("test"), now=NOW)
    assert done.counts()["created"] == 2
    claims = world.rows(
        "select claim_no, claimed_minor, claim_status, missing_proof from ops.claims order by claim_no"
    )
    assert [(row["claim_no"], row["claimed_minor"]) for row in claims] == [
        (CLAIM_NO, 30_500),
        ("amz-amz-RTV-2-unit_short-1", 30_000),
    ]
    assert claims[0]["claim_status"] == "draft"
    assert claims[0]["missing_proof"] == ["sealed clip for 2 of 2 lines"]


def test_assembling_again_changes_nothing(world: ClaimWorld) -> None:
    _ready_claim(world)
    before = world.rows("select * from ops.claims")
    done = assemble_claims(world.dsn, actor=job("test"), now=NOW.replace(hour=11))
    assert set(done.counts().values()) == {0}
    after = world.rows("select * from ops.claims")
    assert before == after


def test_a_draft_follows_its_discrepancies_and_is_dropped_when_none_stands(world: ClaimWorld) -> None:
    world.set_discrepancies(discrepancy())
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    world.set_discrepancies(discrepancy(discrepancy_qty=2, value_minor=20_000))
    assert assemble_claims(world.dsn, actor=job("test"), now=NOW).changed == 1
    assert world.rows("select claimed_minor from ops.claims")[0]["claimed_minor"] == 20_000
    world.set_discrepancies()
    assert assemble_claims(world.dsn, actor=job("test"), now=NOW).emptied == 1
    assert world.rows("select claim_status from ops.claims")[0]["claim_status"] == "dropped"
    world.set_discrepancies(discrepancy())
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    assert [row["claim_no"] for row in world.rows("select claim_no from ops.claims order by 1")] == [
        CLAIM_NO, "amz-amz-RTV-1-unit_short-2",
    ]  # fmt: skip


def test_approval_asks_for_role_version_and_readiness(world: ClaimWorld) -> None:
    world.set_discrepancies(discrepancy())
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    with pytest.raises(ConflictError, match="cannot become approved"):
        approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    world.add_sealed_clip(discrepancy()["discrepancy_key"])
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    stranger = Actor(ActorKind.PERSON, "omar", frozenset({Role.OPERATOR}))
    with pytest.raises(NotPermitted):
        approve_claim(world.dsn, CLAIM_NO, _version(world), stranger, NOW)
    with pytest.raises(ConflictError, match="changed since it was read"):
        approve_claim(world.dsn, CLAIM_NO, _version(world) - 1, world.person, NOW)
    claim = approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW, note="seen")
    assert claim.status is ClaimStatus.APPROVED
    messages = world.rows("select topic, payload from ops.outbox order by outbox_id")
    assert [row["topic"] for row in messages] == ["claim.ready", "claim.approved"]
    assert [row["payload"]["claimed_minor"] for row in messages] == [30_000, 30_000]
    events = world.rows("select to_status, actor_name, note from ops.claim_events order by claim_event_id")
    assert [(row["to_status"], row["actor_name"]) for row in events] == [
        ("draft", "test"), ("ready", "test"), ("approved", "asha"),
    ]  # fmt: skip
    audit = world.rows("select verb from ops.audit_trail order by audit_id")
    assert [row["verb"] for row in audit] == ["claim_assembled", "claim_ready", "claim_approved"]


def test_a_discrepancy_that_changes_after_approval_becomes_an_adjustment(world: ClaimWorld) -> None:
    _ready_claim(world)
    approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    world.set_discrepancies(discrepancy(discrepancy_qty=1, value_minor=10_000))
    assert assemble_claims(world.dsn, actor=job("test"), now=NOW).adjusted == 1
    assert assemble_claims(world.dsn, actor=job("test"), now=NOW).adjusted == 0
    assert world.rows("select claimed_minor from ops.claims") == [{"claimed_minor": 30_000}]
    assert world.rows("select claimed_minor, current_minor from ops.claim_adjustments") == [
        {"claimed_minor": 30_000, "current_minor": 10_000}
    ]


def test_the_bundle_of_an_approved_claim_is_proven_and_the_same_again(
    world: ClaimWorld, tmp_path: Path
) -> None:
    _ready_claim(world)
    with connect(world.dsn) as connection:
        footage_store.record_lock_check(connection, LockCheck("s3://b", True, "STORE_REFUSED"), NOW)
    authority = ensure_local_authority(world.settings.seal_key_file.with_name("timestamp.pem"), NOW)
    with pytest.raises(ConflictError, match="not approved"):
        build_bundle(world.dsn, world.store, CLAIM_NO, settings=world.settings, actor=world.person, now=NOW)
    approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    first = build_bundle(
        world.dsn, world.store, CLAIM_NO, settings=world.settings, actor=world.person, now=NOW
    )
    world.add_sealed_clip("another", b"later film")
    again = build_bundle(
        world.dsn,
        world.store,
        CLAIM_NO,
        settings=world.settings,
        actor=world.person,
        now=NOW.replace(hour=20),
    )
    assert again == first
    path = tmp_path / "bundle.zip"
    world.store.download(first.object_key, path)
    key = ensure_seal_key(world.settings.seal_key_file, world.settings.seal.origin)
    verdict = verify_bundle(path, public_key_text(key))
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.facts["stamped_at"] == NOW.isoformat()
    kept = {name.partition("/")[2]: data for name, data in files_of(path.read_bytes()).items()}
    assert kept["seal/timestamp.txt"] == f"{LOCAL_AUTHORITY}\n".encode()
    assert verify_stamp(kept["seal/timestamp.tsr"], kept["seal/checkpoint.note"], [authority.root]) == NOW
    assert json.loads(kept["seal/store-check.json"]) == {
        "checked_on": NOW.date().isoformat(), "is_locked": True, "detail": "STORE_REFUSED",
    }  # fmt: skip
    assert verify_bundle(path).outcome is Outcome.INTACT_UNKNOWN_SIGNER
    assert {row["topic"] for row in world.rows("select topic from ops.outbox")} == {
        "claim.ready",
        "claim.approved",
        "bundle.built",
    }
    assert build_ready_bundles(
        world.dsn, world.store, settings=world.settings, actor=job("test"), now=NOW
    ).counts()["built"] == 0  # fmt: skip


def test_a_claim_is_filed_with_its_bundle_and_takes_its_outcome(world: ClaimWorld) -> None:
    _ready_claim(world)
    approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    with pytest.raises(ConflictError, match="no proof bundle"):
        file_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    assert (
        build_ready_bundles(world.dsn, world.store, settings=world.settings, actor=job("test"), now=NOW).built
        == 1
    )
    file_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW, reference="CASE-9")
    with pytest.raises(InvalidInput, match="coded reason"):
        record_outcome(
            world.dsn, CLAIM_NO, _version(world), ClaimStatus.REJECTED, actor=world.person, now=NOW
        )
    record_outcome(world.dsn, CLAIM_NO, _version(world), ClaimStatus.ACCEPTED, actor=world.person, now=NOW)
    claim = record_outcome(
        world.dsn,
        CLAIM_NO,
        _version(world),
        ClaimStatus.REIMBURSED,
        actor=world.person,
        now=NOW,
        amount_minor=30_000,
    )
    assert claim.status is ClaimStatus.REIMBURSED
    assert world.rows("select recovered_minor, filing_reference from ops.claims") == [
        {"recovered_minor": 30_000, "filing_reference": "CASE-9"}
    ]


def test_a_job_writes_the_bundles_of_every_tenant(world: ClaimWorld) -> None:
    world.set_discrepancies(
        *(discrepancy(tenant_code=tenant, rule_code="debit_without_goods") for tenant in ("default", "other"))
    )
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    for tenant in ("default", "other"):
        claim_no = "amz-amz-RTV-1-debit_without_goods-1"
        person = Actor(ActorKind.PERSON, "asha", frozenset({Role.CLAIMS}), tenant)
        approve_claim(world.dsn, claim_no, _version(world, claim_no), person, NOW)
    done = build_ready_bundles(world.dsn, world.store, settings=world.settings, actor=job("test"), now=NOW)
    assert (done.built, done.clips) == (2, 0)
    bundles = world.rows("select distinct tenant_code, bundle_sha256 from ops.claims")
    assert len({row["bundle_sha256"] for row in bundles}) == 2


def test_a_film_that_was_changed_in_the_store_stops_the_bundle(world: ClaimWorld) -> None:
    _ready_claim(world)
    approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    (clip,) = world.rows("select object_key from ops.clips")
    (world.store.folder / clip["object_key"]).write_bytes(b"another film")
    with pytest.raises(IntegrityError, match="not the one that was sealed"):
        build_bundle(world.dsn, world.store, CLAIM_NO, settings=world.settings, actor=world.person, now=NOW)
    assert world.rows("select bundle_key from ops.claims") == [{"bundle_key": None}]


def test_the_films_and_facts_are_in_the_bundle(world: ClaimWorld, tmp_path: Path) -> None:
    rows = [discrepancy(), discrepancy(sku_code="SKU-2")]
    world.set_discrepancies(*rows)
    shas = {world.add_sealed_clip(row["discrepancy_key"], b"one film of both") for row in rows}
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)
    built = build_bundle(
        world.dsn, world.store, CLAIM_NO, settings=world.settings, actor=world.person, now=NOW
    )
    assert built.clip_count == len(shas) == 1
    with zipfile.ZipFile(world.store.folder / built.object_key) as opened:
        facts = json.loads(opened.read(f"{CLAIM_NO}/data/facts.json"))
        assert len(facts["lines"]) == 2
        assert facts["party"]["party_name"] == "अमेज़न Seller Services"
        assert {clip["file"] for clip in facts["clips"]} == {f"data/clips/001-CAM-1-{min(shas)[:12]}.mp4"}
        assert opened.read(f"{CLAIM_NO}/{facts['clips'][0]['file']}") == b"one film of both"
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in opened.infolist())


def test_the_documents_sent_to_the_hub_are_in_the_bundle(world: ClaimWorld) -> None:
    paper = b"\x89PNG signed at the dock"
    sha256 = hashlib.sha256(paper).hexdigest()
    key = content_key("captures/default", sha256, ".png")
    world.store.put_bytes(key, paper)
    with connect(world.dsn) as connection:
        connection.execute(
            "insert into ops.uploads (upload_id, tenant_code, file_name, size_bytes, sha256, object_key,"
            " created_by, expires_at, completed_at) values ('u1', 'default', 's', %s, %s, %s, 'op', %s, %s)",
            (len(paper), sha256, key, NOW, NOW),
        )
        connection.execute(
            "insert into marts.fct_documents values "
            "('default', 'other', 'PU-1-signature', '2026-11-10', 'amz', 'RTV-1', null, 'x', %s),"
            "('default', 'lr', 'LR-1', '2026-11-10', 'amz', 'RTV-1', null, 'lr.pdf', 'ab')",
            (sha256,),
        )
    _ready_claim(world)
    approve_claim(world.dsn, CLAIM_NO, _version(world), world.person, NOW)

    def build() -> str:
        return build_bundle(
            world.dsn, world.store, CLAIM_NO, settings=world.settings, actor=world.person, now=NOW
        ).object_key

    with zipfile.ZipFile(world.store.folder / build()) as opened:
        name = f"{CLAIM_NO}/data/documents/other-PU-1-signature-{sha256[:12]}.png"
        assert opened.read(name) == paper
        assert [entry for entry in opened.namelist() if "/documents/" in entry] == [name]
    (world.store.folder / key).write_bytes(b"another")
    with pytest.raises(IntegrityError, match="PU-1-signature in the store is not the one that was sent"):
        build()


def test_a_claim_is_due_when_the_partys_window_ends_and_ready_with_a_document(world: ClaimWorld) -> None:
    world.set_discrepancies(discrepancy(rule_code="carton_lost_in_transit", liable_party_code="trk"))
    with connect(world.dsn) as connection:
        connection.execute(
            """
            insert into marts.fct_deadlines values
                ('default', 'trk', 'claim', 'amz', 'RTV-1', 'AWB1', 'carton_lost_in_transit', %(due)s),
                ('default', 'trk', 'transporter_notice', 'amz', 'RTV-1', 'AWB1',
                 'carton_lost_in_transit', %(now)s)
            """,
            {"due": NOW.replace(day=27), "now": NOW},
        )
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    query = "select claim_status, due_at, missing_proof from ops.claims"
    assert world.rows(query) == [
        {
            "claim_status": "draft",
            "due_at": NOW.replace(day=27),
            "missing_proof": ["a document of the RTV or the consignment"],
        }
    ]
    with connect(world.dsn) as connection:
        connection.execute(
            "insert into marts.fct_documents values "
            "('default', 'lr', 'LR-1', '2026-11-10', 'amz', 'RTV-1', null, 'lr.pdf', 'ab')"
        )
    assert assemble_claims(world.dsn, actor=job("test"), now=NOW).became_ready == 1


def test_an_approval_under_way_is_waited_for_and_its_claim_left_alone(world: ClaimWorld) -> None:
    _ready_claim(world)
    world.set_discrepancies(discrepancy(discrepancy_qty=1, value_minor=10_000))
    with ThreadPoolExecutor(1) as pool:
        with connect(world.dsn) as approving:
            move_claim(approving, CLAIM_NO, ClaimStatus.APPROVED, actor=world.person, now=NOW)
            assembly = pool.submit(assemble_claims, world.dsn, actor=job("test"), now=NOW)
            _wait_until_blocked(world)
        done = assembly.result(30)
    assert (done.changed, done.adjusted) == (0, 1)
    assert world.rows("select claim_status, claimed_minor from ops.claims") == [
        {"claim_status": "approved", "claimed_minor": 30_000}
    ]


def _wait_until_blocked(world: ClaimWorld) -> None:
    end = time.monotonic() + 20
    query = """
        select 1 from pg_stat_activity
        where datname = current_database() and application_name = 'rtv-claims' and wait_event_type = 'Lock'
    """
    while not world.rows(query):
        assert time.monotonic() < end, "the assembly never waited"
        time.sleep(0.05)
