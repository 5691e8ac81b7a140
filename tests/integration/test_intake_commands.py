"""`rtv ingest`, `rtv read` and `rtv quarantine` as a person or a script calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from intake_samples import record, write_csv
from typer.testing import CliRunner

from rtv_cli.commands import ingest, quarantine, read
from rtv_core.settings import get_settings

RUNNER = CliRunner()


@pytest.fixture
def app(warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    get_settings.cache_clear()
    found = typer.Typer()
    for command in (ingest, quarantine, read):
        command.register(found)
    return found


def test_a_bad_row_is_listed_shown_mended_and_gone(app: typer.Typer, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "nodes.csv", [record("nodes", 1), record("nodes", 2, timezone="IST")])
    done = RUNNER.invoke(app, ["ingest", str(path), "--tenant", "brand-a", "--json"])
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert (summary["rows_in"], summary["rows_loaded"], summary["rows_quarantined"]) == (2, 1, 1)
    assert summary["files"][0]["contract_name"] == "nodes"
    assert "1 of 2 rows loaded" in done.stderr

    asked = ["--tenant", "brand-a", "--json"]
    listed = json.loads(RUNNER.invoke(app, ["quarantine", "list", *asked]).stdout)
    assert listed["causes"][0]["error_code"] == "TIMEZONE_UNKNOWN"
    shown = json.loads(
        RUNNER.invoke(app, ["quarantine", "show", "--code", "TIMEZONE_UNKNOWN", *asked]).stdout
    )
    assert (shown[0]["row_no"], shown[0]["bad_value"]) == (3, "IST")
    mend = ["quarantine", "mend", "--code", "TIMEZONE_UNKNOWN", "--set", "timezone=Asia/Kolkata", *asked]
    mended = json.loads(RUNNER.invoke(app, mend).stdout)
    assert mended["files"][0]["rows_loaded"] == 1
    assert json.loads(RUNNER.invoke(app, ["quarantine", "list", *asked]).stdout)["causes"] == []


def test_an_unreadable_file_ends_with_code_two_and_a_remedy(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("colour,size\nred,1\n", encoding="utf-8")
    done = RUNNER.invoke(app, ["ingest", str(path)])
    assert done.exit_code == 2
    assert "CONTRACT_UNKNOWN" in done.stderr
    assert "Traceback" not in done.output
    listed = json.loads(RUNNER.invoke(app, ["quarantine", "list", "--json"]).stdout)
    assert listed["files"][0]["file_name"] == "colours.csv"


def test_a_path_that_is_not_there_is_named(app: typer.Typer) -> None:
    done = RUNNER.invoke(app, ["ingest", "/nowhere/at/all.csv", "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stderr)["error"]["code"] == "PATH_NOT_FOUND"


def test_read_explains_a_file_and_writes_its_sound_rows(app: typer.Typer, tmp_path: Path) -> None:
    source = write_csv(
        tmp_path / "skus.csv", [record("skus", 1), record("skus", 2, gtin="8.9E+12")], delimiter=";"
    )
    out = tmp_path / "out.csv"
    done = RUNNER.invoke(app, ["read", str(source), "--to", str(out), "--json"])
    reading = json.loads(done.stdout)
    assert reading["dialect"]["delimiter"] == ";"
    assert (reading["contract_name"], reading["rows_in"], reading["rows_sound"]) == ("skus", 2, 1)
    assert reading["refusals"] == {"GTIN_E_NOTATION": 1}
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("sku_code-1,")


def test_mending_without_a_choice_is_refused(app: typer.Typer) -> None:
    done = RUNNER.invoke(app, ["quarantine", "mend", "--set", "qty=1"])
    assert done.exit_code == 2
    assert "NOTHING_CHOSEN" in done.stderr
