"""`rtv verify` and `rtv claim` answer with documents and exit codes that mean something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rtv_cli.main import register_all
from rtv_commands.assemble_claims import assemble_claims
from rtv_core.evidence.notes import public_key_text
from rtv_core.identity import job
from rtv_core.settings import get_settings
from tests.fixtures.bundles import HUB, STRANGER, bundle_bytes, small_contents
from tests.fixtures.claim_world import NOW, discrepancy, make_claim_world

CLAIM_NO = "amz-amz-RTV-1-unit_short-1"


@pytest.fixture(scope="module")
def command() -> Any:
    return register_all()


def _run(command: Any, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_verify_tells_proven_unknown_and_broken_apart(command: Any, tmp_path: Path) -> None:
    bundle = bundle_bytes(small_contents(tmp_path))
    path, key = tmp_path / "claim.zip", tmp_path / "hub.key"
    path.write_bytes(bundle)
    key.write_text(public_key_text(HUB) + "\n", encoding="ascii")
    code, out, _ = _run(command, "verify", str(path), "--trust", str(key), "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "proven")
    assert json.loads(out)["facts"]["claim_no"] == "amz-amz-RTV/1-unit_short-1"
    code, out, _ = _run(command, "verify", str(path))
    assert (code, out.splitlines()[0]) == (3, "INTACT UNKNOWN SIGNER")
    code, out, _ = _run(command, "verify", str(path), "--trust", public_key_text(STRANGER))
    assert (code, out.splitlines()[0]) == (1, "BROKEN")
    path.write_bytes(bundle[:-1] + b"x")
    assert _run(command, "verify", str(path), "--trust", str(key))[0] == 1


@pytest.mark.parametrize(
    "bad", [["/nowhere.zip"], ["{bundle}", "--trust", "/no/key"], ["{bundle}", "--trust", "a+b+c"]]
)
def test_verify_names_what_it_cannot_read(command: Any, tmp_path: Path, bad: list[str]) -> None:
    path = tmp_path / "claim.zip"
    path.write_bytes(bundle_bytes(small_contents(tmp_path)))
    code, out, err = _run(command, "verify", *(word.format(bundle=path) for word in bad), "--json")
    assert (code, out) == (2, "")
    assert set(json.loads(err)["error"]) >= {"code", "fact", "remedy"}


def test_a_claim_goes_from_draft_to_filed_at_the_command_line(
    command: Any, warehouse_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    monkeypatch.setenv("RTV_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RTV_STORE__FOLDER", str(tmp_path / "store"))
    get_settings.cache_clear()
    world = make_claim_world(warehouse_dsn, tmp_path)
    row = discrepancy()
    world.set_discrepancies(row)
    world.add_sealed_clip(row["discrepancy_key"])
    code, out, err = _run(command, "claim", "build", "--json")
    assert code == 0, err
    assert json.loads(out)["claims"]["created"] == 1
    (listed,) = json.loads(_run(command, "claim", "list", "--json")[1])["claims"]
    assert (listed["claim_no"], listed["claim_status"], listed["claimed_minor"]) == (
        CLAIM_NO,
        "ready",
        30_000,
    )
    code, _, err = _run(command, "claim", "approve", CLAIM_NO, "--row-version", "99", "--json")
    assert (code, json.loads(err)["error"]["code"]) == (1, "CLAIM_CHANGED")
    code, out, err = _run(
        command, "claim", "approve", CLAIM_NO, "--row-version", str(listed["row_version"]), "--json"
    )
    assert code == 0, err
    bundle = Path(json.loads(out)["bundle"].removeprefix("file://"))
    assert _run(command, "verify", str(bundle))[0] == 3
    (listed,) = json.loads(_run(command, "claim", "list", "--status", "approved", "--json")[1])["claims"]
    code, out, _ = _run(command, "claim", "file", CLAIM_NO, "--row-version", str(listed["row_version"]))
    assert (code, "claim_status: filed" in out) == (0, True)


def test_claims_before_the_first_build_say_what_to_do(
    command: Any, warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    get_settings.cache_clear()
    code, _, err = _run(command, "claim", "build", "--json")
    assert (code, json.loads(err)["error"]["code"]) == (1, "MARTS_NOT_BUILT")


def test_a_job_assembles_for_every_tenant(warehouse_dsn: str, tmp_path: Path) -> None:
    world = make_claim_world(warehouse_dsn, tmp_path)
    world.set_discrepancies(discrepancy(), discrepancy(tenant_code="other"))
    assert assemble_claims(world.dsn, actor=job("test"), now=NOW).created == 2
    assert {row["tenant_code"] for row in world.rows("select tenant_code from ops.claims")} == {
        "default",
        "other",
    }
