"""`rtv simulate` at the command line."""

from __future__ import annotations

from pathlib import Path

import orjson
import typer
from typer.testing import CliRunner

from rtv_cli.commands import simulate

app = typer.Typer()
app.callback()(lambda: None)
simulate.register(app)
runner = CliRunner()


def test_json_is_one_document_with_the_fixed_instant(tmp_path: Path) -> None:
    result = runner.invoke(app, ["simulate", "--out", str(tmp_path / "w"), "--seed", "3", "--json"])
    assert result.exit_code == 0, result.output
    document = orjson.loads(result.stdout)
    assert document["as_of"] == "2026-11-19T06:30:00+00:00"
    assert document["is_synthetic"] is True
    assert Path(document["truth"]).is_dir()


def test_the_world_can_be_moved_to_another_instant(tmp_path: Path) -> None:
    options = ["--seed", "3", "--as-of", "2026-05-02T00:00:00+05:30", "--json"]
    result = runner.invoke(app, ["simulate", "--out", str(tmp_path / "w"), *options])
    assert orjson.loads(result.stdout)["as_of"] == "2026-05-02T00:00:00+05:30"


def test_an_instant_that_is_none_is_refused_with_a_remedy(tmp_path: Path) -> None:
    result = runner.invoke(app, ["simulate", "--out", str(tmp_path / "w"), "--as-of", "yesterday"])
    assert result.exit_code == 2
    assert "SIMULATOR_AS_OF" in result.stderr
    assert not (tmp_path / "w").exists()
