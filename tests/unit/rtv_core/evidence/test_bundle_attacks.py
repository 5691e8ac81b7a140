"""The attack table: each attack is found by the command and by the program in the bundle.

For each there is a mutant of the verifier that does not see it: with that thought gone, a test here is red.
"""

from __future__ import annotations

import io
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from rtv_cli.commands import verify as command
from rtv_core.evidence.bundle import carried_file
from rtv_core.evidence.notes import public_key_text
from tests.fixtures.attacks import ATTACKS, Attack, mutant
from tests.fixtures.bundles import HUB, STRANGER, bundle_bytes, small_contents

_KEY = public_key_text(HUB)
_EXIT_CODES = {"proven": 0, "intact_unknown_signer": 3, "broken": 1}


def _program(text: str) -> dict[str, Any]:
    """The names of a verifier that was written out as text."""
    names: dict[str, Any] = {"__name__": "carried"}
    exec(compile(text, "verify.py", "exec"), names)
    return names


@pytest.fixture(scope="module")
def carried() -> dict[str, Any]:
    return _program(carried_file("verify.py").decode())


def _run_command(path: Path, *arguments: str) -> int:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, [str(path), *arguments]).exit_code


def _run_program(
    carried: dict[str, Any], monkeypatch: pytest.MonkeyPatch, path: Path, *arguments: str
) -> int:
    monkeypatch.setattr(sys, "argv", ["verify.py", str(path), *arguments])
    code: int = carried["main"]()
    return code


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_found_by_the_command_and_by_the_carried_program(
    attack: Attack, tmp_path: Path, carried: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "forged.zip"
    path.write_bytes(attack.forge(tmp_path))
    assert _run_command(path, "--trust", _KEY) == 1
    assert _run_program(carried, monkeypatch, path, "--trust", _KEY) == 1
    # Without a key nothing is proven either.
    assert _run_command(path) != 0
    assert _run_program(carried, monkeypatch, path) != 0


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_verifier_without_the_thought_does_not_see_the_attack(attack: Attack, tmp_path: Path) -> None:
    broken = _program(mutant(carried_file("verify.py"), attack.python))
    assert broken["examine"](io.BytesIO(attack.forge(tmp_path)), _KEY)[0] == "proven"


@pytest.mark.parametrize(
    ("signer", "trust", "answer"),
    [
        (HUB, HUB, "proven"),
        (HUB, None, "intact_unknown_signer"),
        (HUB, STRANGER, "broken"),
        (STRANGER, HUB, "broken"),
        (STRANGER, None, "intact_unknown_signer"),
    ],
)
def test_three_answers_have_three_exit_codes(
    signer: Any, trust: Any, answer: str, tmp_path: Path, carried: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle_bytes(small_contents(tmp_path, signer), signer))
    arguments = ["--trust", public_key_text(trust)] if trust else []
    assert _run_command(path, *arguments) == _EXIT_CODES[answer]
    assert _run_program(carried, monkeypatch, path, *arguments) == _EXIT_CODES[answer]


def test_a_flip_in_a_large_file_is_found_wherever_it_is(tmp_path: Path, carried: dict[str, Any]) -> None:
    chance = random.Random(5)
    contents = small_contents(tmp_path)
    payload = {**contents.payload, "documents/scan.bin": chance.randbytes(300_000)}
    bundle = bundle_bytes(replace(contents, payload=payload))
    assert carried["examine"](io.BytesIO(bundle), _KEY)[0] == "proven"
    for at in [chance.randrange(len(bundle)) for _ in range(60)]:
        forged = bytearray(bundle)
        forged[at] ^= 1 << chance.randrange(8)
        assert carried["examine"](io.BytesIO(forged), _KEY)[0] == "broken", at
