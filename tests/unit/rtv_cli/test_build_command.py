"""`rtv build` refuses an instant it cannot place in time, before it touches anything."""

from __future__ import annotations

import orjson
import pytest
import typer
from typer.testing import CliRunner

from rtv_cli.commands.build import register


@pytest.mark.parametrize(
    ("given", "said"), [("yesterday", "is no instant"), ("2026-11-30", "carries no offset")]
)
def test_an_instant_that_is_none_is_refused_with_its_remedy(given: str, said: str) -> None:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["--as-of", given, "--json"])
    assert result.exit_code == 2
    assert result.stdout == ""
    error = orjson.loads(result.stderr)["error"]
    assert error["code"] == "AS_OF_INVALID"
    assert said in error["fact"]
    assert "+05:30" in error["remedy"]
