"""A counterparty cosigns the hub's log over the API, and finds a log that was rolled back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from rtv_cli.commands import evidence
from rtv_core.evidence import seal
from rtv_core.evidence.cosign import cosign, parse_witness_key, read_cosignature
from rtv_core.warehouse import witness_store
from rtv_core.warehouse.connection import connect
from tests.fixtures.bay import Bay
from tests.fixtures.bundles import STRANGER

_NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)


def _grow(bay: Bay, entries: int) -> seal.Checkpoint:
    key = seal.ensure_seal_key(bay.settings.seal_key_file, bay.settings.seal.origin)
    seal.seal_entries(bay.dsn, key, [{"tenant_code": "default", "n": n} for n in range(entries)], _NOW)
    return seal.make_checkpoint(bay.dsn, key, _NOW)


def test_a_witness_cosigns_what_grows_and_tells_what_was_rolled_back(bay: Bay, tmp_path: Path) -> None:
    app = typer.Typer()
    evidence.register(app)
    own = ["evidence", "witness", "--name", "partner.example/witness", "--key-file", str(tmp_path / "w.pem")]
    key_text = CliRunner().invoke(app, [*own, "--print-key"]).stdout.strip()
    key = seal.ensure_seal_key(bay.settings.seal_key_file, bay.settings.seal.origin)
    call = [*own, "--hub", bay.url, "--trust", seal.public_key_text(key), "--json"]
    _grow(bay, 3)
    refused = CliRunner().invoke(app, call)
    assert json.loads(refused.stderr)["error"]["code"] == "HUB_REFUSES", (
        "a witness that the hub does not know"
    )
    bay.settings.seal.witnesses.append(key_text)
    (tmp_path / "w.seen.json").unlink()
    sizes = []
    for entries in (2, 4, 0):
        checkpoint = _grow(bay, entries)
        answer = CliRunner().invoke(app, call)
        assert answer.exit_code == 0, answer.output
        found = json.loads(answer.stdout)
        sizes.append((found["seen_before"], found["tree_size"], found["is_new"]))
    assert sizes == [(0, 5, True), (5, 9, True), (9, 9, False)]
    note = httpx.get(f"{bay.url}/v1/seal/checkpoint").text
    assert note.startswith(checkpoint.note)
    assert read_cosignature(note, note.splitlines()[-1], parse_witness_key(key_text)) is not None
    with connect(bay.dsn) as connection:
        ((witness, _),) = witness_store.cosignatures(connection, 9)
        assert witness == key_text
        assert witness_store.cosignatures(connection, 9, _NOW) == []
        connection.execute("alter table ops.seal_cosignatures disable trigger all")
        connection.execute("delete from ops.seal_cosignatures")
        connection.execute("delete from ops.seal_checkpoints where tree_size > 5")
    refused = CliRunner().invoke(app, call)
    assert refused.exit_code != 0
    assert json.loads(refused.stderr)["error"]["code"] == "CHECKPOINT_ROLLED_BACK"


@pytest.mark.parametrize(
    ("forge", "status", "code"),
    [
        (lambda note: f"{note}{cosign(note, STRANGER, _NOW)}\n", 403, "WITNESS_UNKNOWN"),
        (lambda note: note.replace("\n2\n", "\n1\n"), 409, "CHECKPOINT_NOT_OURS"),
        (lambda _: "no note", 422, "CHECKPOINT_INVALID"),
        (lambda _: b"\xff\xfe", 422, "CHECKPOINT_INVALID"),
    ],
)
def test_a_line_that_proves_nothing_is_refused(bay: Bay, forge: object, status: int, code: str) -> None:
    content = forge(_grow(bay, 2).note)  # type: ignore[operator]
    answer = httpx.post(f"{bay.url}/v1/seal/cosignatures", content=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
