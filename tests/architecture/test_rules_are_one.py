"""One rule, one place to point at: code = seed row = model = unit tests = page of docs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rtv_commands.document_rules import PROJECT_FOLDER, Rule, read_rules, rule_pages
from rtv_core.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
MODELS = PROJECT_FOLDER / "models" / "intermediate" / "discrepancies"
RULES = read_rules()
SITUATIONS = ("fires", "border", "must_not_fire")
COMPUTED = [rule for rule in RULES if (MODELS / f"{rule.model}.sql").exists()]


def test_the_seed_holds_each_code_once() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes)) == 28
    assert COMPUTED == RULES


def test_each_model_of_a_rule_has_its_seed_row_and_is_united_with_the_others() -> None:
    models = {
        path.stem.removeprefix("int_discrepancies__") for path in MODELS.glob("int_discrepancies__*.sql")
    }
    models.remove("unioned")
    assert models <= {rule.code for rule in RULES}
    united = (MODELS / "int_discrepancies__unioned.sql").read_text(encoding="utf-8")
    assert {code for code in models if f"int_discrepancies__{code}'" not in united} == set()


@pytest.mark.parametrize("rule", COMPUTED, ids=lambda rule: rule.code)
def test_each_computed_rule_is_described_and_tested(rule: Rule) -> None:
    assert rule.said["description"], f"{rule.model}.yml describes nothing"
    assert rule.unit_tests, f"{rule.model} has no unit test"
    names = {test.name for test in rule.unit_tests}
    assert {name for name in names if not name.startswith(f"{rule.model}__")} == set()
    assert {f"{rule.model}__{situation}" for situation in SITUATIONS} <= names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_taking_evidence_away_changes_what_the_rule_says(rule: Rule) -> None:
    """The confidence of each rule that holds someone liable, and its runner-up where there can be one."""
    told = [row for test in rule.unit_tests for row in test.expected]
    for column, ordered in (("confidence", "liable_first"), ("runner_up_role", "liable_then")):
        if rule.seed[ordered]:
            assert len({row[column] for row in told if column in row}) > 1, f"{column} never changes"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_worked_example_is_whole(rule: Rule) -> None:
    (row,) = rule.example.expected
    assert {
        "expected_qty", "observed_qty", "discrepancy_qty", "liable_role", "liability_reason", "confidence",
        "is_final", "first_seen_at",
    } <= set(row)  # fmt: skip
    assert abs(row["expected_qty"] - row["observed_qty"]) == row["discrepancy_qty"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_of_condition_shows_what_decides_its_verdict(rule: Rule) -> None:
    if rule.seed["condition_order"] and rule.seed["grain"] == "rtv_line" and rule.code != "wrong_sku":
        assert rule.decided_by is not None


def test_a_test_that_is_not_there_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "dbt_project"
    shutil.copytree(PROJECT_FOLDER, copy, ignore=shutil.ignore_patterns("target", "logs"))
    beside = copy / "models/intermediate/discrepancies/int_discrepancies__expired.yml"
    said = beside.read_text(encoding="utf-8")
    for written, code in (("judged__gone", "UNIT_TEST_UNKNOWN"), ("gone__gone", "MODEL_UNDESCRIBED")):
        beside.write_text(said.replace("judged__expires_on_pickup_day", written), encoding="utf-8")
        with pytest.raises(ConfigurationError) as raised:
            read_rules(copy)
        assert raised.value.code == code


def test_the_pages_are_what_seed_and_models_say() -> None:
    folder = ROOT / "docs" / "rules"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert written == rule_pages(), "run `make docs`"
