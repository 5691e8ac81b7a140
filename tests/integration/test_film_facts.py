"""What the film of a capture shows decides whether its claim is ready, and stands in its bundle."""

from __future__ import annotations

import hashlib
import json
from itertools import count
from pathlib import Path

import psycopg
import pytest

from rtv_commands.approve_claim import approve_claim
from rtv_commands.assemble_claims import assemble_claims
from rtv_commands.build_bundle import build_bundle
from rtv_commands.cut_clips import cut_clips
from rtv_commands.judge_captures import JudgeSummary, captures_to_judge, judge_captures
from rtv_core.identity import job
from rtv_core.model.window import ClipRequest
from rtv_core.objects import content_key
from tests.factories import World
from tests.fixtures.bundles import files_of
from tests.fixtures.claim_world import NOW, ClaimWorld, discrepancy, make_claim_world
from tests.fixtures.takes import ITEMS, LABEL, take, write_take

CLAIM_NO = "amz-amz-RTV-1-damaged-1"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One take of eight seconds, and one joined of two; both show the label and one item."""
    folder, frames = tmp_path_factory.mktemp("films"), take(8.0)
    honest = write_take(folder / "honest.mp4", frames)
    joined = write_take(folder / "joined.mp4", [*frames[:45], *take(8.0, seed=9)[45:]])
    return {"honest": honest.read_bytes(), "joined": joined.read_bytes(), "text": b"no film " * 99}


@pytest.fixture
def world(warehouse_dsn: str, tmp_path: Path) -> ClaimWorld:
    return make_claim_world(warehouse_dsn, tmp_path)


def _capture(world: ClaimWorld, film: bytes, *, is_kept: bool = True) -> tuple[str, str]:
    """A capture of two items, of which its film shows the first; its id and the film's hash."""
    digest = hashlib.sha256(film).hexdigest()
    with psycopg.connect(world.dsn) as connection:
        rows = World(connection, _numbers=count(int(digest[:6], 16)))
        items = [{"sku": f"SKU-{number}", "code": code} for number, code in enumerate([ITEMS[0], "890"], 1)]
        capture_id = rows.capture(LABEL, items, video_sha256=digest, video_duration_seconds=8)
        if is_kept:
            _keep(world, connection, film, digest)
    return capture_id, digest


def _keep(world: ClaimWorld, connection: psycopg.Connection, film: bytes, digest: str) -> None:
    key = content_key("captures/default", digest, ".mp4")
    world.store.put_bytes(key, film)
    connection.execute(
        """
        insert into ops.uploads (upload_id, tenant_code, file_name, size_bytes, sha256, object_key,
            created_by, expires_at, completed_at)
        values (%s, 'default', 'c.mp4', %s, %s, %s, 'op', now(), now())
        """,
        (digest, len(film), digest, key),
    )


def _judge(world: ClaimWorld) -> JudgeSummary:
    return judge_captures(world.dsn, world.store, captures_to_judge(world.dsn), now=NOW)


def _claim(world: ClaimWorld, capture_id: str, digest: str, **changes: object) -> tuple[str, list[str]]:
    """Status and missing proof of the claim of one damaged item, whose only clip is its capture's film."""
    row = discrepancy(rule_code="damaged", capture_id=capture_id, **{"item_no": 1, **changes})
    with psycopg.connect(world.dsn) as connection:
        connection.execute(
            "alter table marts.fct_discrepancies add column if not exists capture_id text, "
            "add column if not exists item_no bigint"
        )
    world.set_discrepancies(row)
    request = ClipRequest(
        tenant_code="default", discrepancy_key=row["discrepancy_key"], capture_id=capture_id,
        cut_mode="original", window_start_at=row["window_start_at"], window_end_at=row["window_end_at"],
        capture_sha256=digest, capture_object_key=content_key("captures/default", digest, ".mp4"),
    )  # fmt: skip
    if not world.rows("select 1 from ops.clips where cut_mode = 'original'"):
        cut_clips(world.dsn, world.store, [request], settings=world.settings, now=NOW)
    assemble_claims(world.dsn, actor=job("test"), now=NOW)
    (claim,) = world.rows("select claim_status, missing_proof from ops.claims")
    return claim["claim_status"], claim["missing_proof"]


def test_an_honest_film_makes_its_claim_ready_and_its_answers_stand_in_the_bundle(
    world: ClaimWorld, films: dict[str, bytes]
) -> None:
    capture_id, digest = _capture(world, films["honest"])
    assert _claim(world, capture_id, digest) == (
        "draft", ["sealed clip for 1 of 1 lines", f"film of {capture_id}: not judged yet"],
    )  # fmt: skip
    assert _judge(world).counts() | {"cpu_seconds": 0} == JudgeSummary(judged=1, one_take=1).counts()
    assert captures_to_judge(world.dsn) == []
    assert _claim(world, capture_id, digest) == ("ready", [])
    codes = world.rows("select item_no, code_text, sighting from ops.film_codes order by code_no")
    assert [tuple(code.values()) for code in codes] == [
        (1, ITEMS[0], "agreed"), (2, "890", "scanned_never_seen"),
    ]  # fmt: skip
    version = world.rows("select row_version from ops.claims")[0]["row_version"]
    approve_claim(world.dsn, CLAIM_NO, version, world.person, NOW)
    built = build_bundle(
        world.dsn, world.store, CLAIM_NO, settings=world.settings, actor=world.person, now=NOW
    )
    files = files_of(world.store.get_bytes(built.object_key))
    (content,) = [body for name, body in files.items() if name.endswith("facts.json")]
    (film,) = json.loads(content)["films"]
    assert (film["sha256"], film["one_take"]["answer"], film["label_legible"]["answer"]) == (
        digest,
        "yes",
        "yes",
    )
    assert [code["sighting"] for code in film["codes"]] == ["agreed", "scanned_never_seen"]


def test_a_claimed_item_that_the_film_does_not_show_keeps_its_claim_a_draft(
    world: ClaimWorld, films: dict[str, bytes]
) -> None:
    capture_id, digest = _capture(world, films["honest"])
    _judge(world)
    status, missing = _claim(world, capture_id, digest, item_no=2)
    assert (status, missing[1]) == (
        "draft", f"film of {capture_id}: claimed item 890 was scanned but never seen",
    )  # fmt: skip


def test_a_joined_film_takes_its_line_back_even_beside_a_camera(
    world: ClaimWorld, films: dict[str, bytes]
) -> None:
    capture_id, digest = _capture(world, films["joined"])
    assert _judge(world).broken == 1
    world.add_sealed_clip(discrepancy(rule_code="damaged")["discrepancy_key"])
    status, missing = _claim(world, capture_id, digest)
    assert status == "draft"
    assert missing[1].startswith(f"film of {capture_id}: one unbroken take is no: at 4.5 s the picture jumps")


def test_what_cannot_be_watched_is_unknown_and_what_is_not_there_waits(
    world: ClaimWorld, films: dict[str, bytes]
) -> None:
    capture_id, _ = _capture(world, films["text"])
    assert _judge(world).failed == 1
    (row,) = world.rows("select capture_id, one_take, one_take_reason from ops.film_facts")
    assert (row["capture_id"], row["one_take"]) == (capture_id, "not_decided")
    assert row["one_take_reason"].startswith("FOOTAGE_")
    _, digest = _capture(world, films["honest"])
    world.store.delete(content_key("captures/default", digest, ".mp4"))
    assert _judge(world).absent == 1
    assert len(captures_to_judge(world.dsn)) == 1
    _capture(world, films["joined"], is_kept=False)
    assert len(captures_to_judge(world.dsn)) == 1
