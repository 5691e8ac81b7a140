"""`rtv explain` goes from a discrepancy to the files and rows behind it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rtv_cli.main import register_all
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.marts import discrepancies
from rtv_core.warehouse.marts.discrepancies import Discrepancy, Filters
from rtv_core.warehouse.marts.explaining import Story, tell
from rtv_core.warehouse.marts.reading import reading
from tests.fixtures.built_world import BuiltWorld

pytestmark = pytest.mark.timeout(900)
TENANT = "default"


@pytest.fixture(scope="module")
def stories(built_world: BuiltWorld) -> list[Story]:
    """The story of each discrepancy of the world."""
    everything = Filters(standing="all")
    with reading(built_world.dsn) as connection:
        rows = discrepancies.queue_page(connection, TENANT, everything, sort="value", limit=500, offset=0)
        return [tell(connection, TENANT, row) for row in rows]


def explain(world: BuiltWorld, patch: pytest.MonkeyPatch, *words: str) -> Result:
    patch.setenv("RTV_WAREHOUSE__DSN", world.dsn)
    return CliRunner().invoke(register_all(), ["explain", *words])


def of_rule(stories: list[Story], rule_code: str) -> Story:
    return next(story for story in stories if story.discrepancy.rule_code == rule_code)


def test_every_rule_is_traced_to_rows_of_files(stories: list[Story]) -> None:
    assert len({story.discrepancy.rule_code for story in stories}) == 28
    assert [story.discrepancy for story in stories if not story.declared + story.observed] == []


def test_the_row_of_the_file_says_what_was_disputed(built_world: BuiltWorld, stories: list[Story]) -> None:
    story = next(
        story
        for story in stories
        if story.discrepancy.rule_code == "unit_short" and story.declared[0].file_name.endswith(".csv")
    )
    [declared] = story.declared
    path = next(Path(built_world.world.inputs).rglob(Path(declared.file_name).name))
    with path.open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.DictReader(file))[declared.row_no - 2]
    assert row["rtv_no"] == story.discrepancy.rtv_no
    assert row["qty"] == str(declared.values["qty"])
    [line] = story.lines
    assert line.declared_qty == declared.values["qty"]
    assert line.short_qty == story.discrepancy.discrepancy_qty


def test_a_price_is_traced_to_the_invoice(stories: list[Story]) -> None:
    story = of_rule(stories, "price_variance")
    assert {"debit_notes", "dispatches"} <= {row.contract_name for row in story.observed}


def test_one_is_told_in_words_by_the_first_letters_of_its_key(
    built_world: BuiltWorld, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = of_rule(stories, "unit_short")
    said = explain(built_world, monkeypatch, story.discrepancy.discrepancy_key[:12])
    assert said.exit_code == 0
    [declared] = story.declared
    for fact in (
        story.discrepancy.liability_reason,
        f"{declared.file_name}, row {declared.row_no}",
        declared.sha256,
        "int_discrepancies__unit_short",
        "docs/rules/unit_short.md",
    ):
        assert str(fact) in said.stdout


def test_of_a_return_with_several_the_keys_are_listed(
    built_world: BuiltWorld, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(rtv_no: str) -> list[Discrepancy]:
        return [s.discrepancy for s in stories if rtv_no in {s.discrepancy.rtv_no, s.discrepancy.awb_no}]

    several = next(
        s.discrepancy.rtv_no for s in stories if s.discrepancy.rtv_no and len(named(s.discrepancy.rtv_no)) > 1
    )
    said = explain(built_world, monkeypatch, several, "--json")
    keys = {row["discrepancy_key"] for row in json.loads(said.stdout)["discrepancies"]}
    assert keys == {row.discrepancy_key for row in named(several)}


def test_a_name_that_nothing_has_is_refused(built_world: BuiltWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    said = explain(built_world, monkeypatch, "RTV-OF-NOBODY", "--json")
    assert said.exit_code == 2
    assert json.loads(said.stderr)["error"]["code"] == "DISCREPANCY_UNKNOWN"


def test_every_document_behind_a_page_exists(stories: list[Story], built_world: BuiltWorld) -> None:
    root = Path(__file__).parents[2]
    assert [s.page for s in stories if not (root / s.page).is_file()] == []
    with connect(built_world.dsn) as connection:
        models = {
            row["table_name"]
            for row in fetch_all(
                connection,
                "select table_name from information_schema.tables where table_schema = 'intermediate'",
            )
        }
    assert {s.model for s in stories} <= models
