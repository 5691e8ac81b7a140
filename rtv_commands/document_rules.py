"""Writes one page a rule of reconciliation, from its seed row and what stands beside its model."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rtv_core.claims.readiness import FILM_RULES, RECORD_RULES
from rtv_core.errors import ConfigurationError

PROJECT_FOLDER = Path(__file__).resolve().parents[1] / "dbt_project"
_GRAINS = {
    "consignment": "consignment",
    "rtv": "RTV",
    "rtv_line": "RTV line",
    "capture_item": "captured item",
    "debit_line": "debit note line",
    "rtv_document": "RTV and document type",
}
_LEGS = {
    "platform": "What the platform declares",
    "transporter": "On the way",
    "gate": "At the gate",
    "bay": "In the bay",
    "debit": "On the debit note",
    "service": "Papers and times",
}
_ROLES = {"receiving_party": "the receiving node's party"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UnitTest:
    """One dbt unit test: what is given and what is expected."""

    name: str
    description: str
    given: tuple[tuple[str, tuple[Row, ...]], ...]
    expected: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its seed row, what is said of it beside its model, and its tests."""

    seed: Mapping[str, str]
    said: Mapping[str, Any]
    unit_tests: tuple[UnitTest, ...]
    decided_by: UnitTest | None = None
    """The test of a model before, that decides what the rule's own only gathers."""

    @property
    def code(self) -> str:
        """The code, the same in seed, model, tests and docs."""
        return self.seed["rule_code"]

    @property
    def model(self) -> str:
        """The model that computes it."""
        return f"int_discrepancies__{self.code}"

    @property
    def example(self) -> UnitTest:
        """The test that fires: the worked example of its page."""
        return next(test for test in self.unit_tests if test.name == f"{self.model}__fires")


def read_rules(project_folder: Path = PROJECT_FOLDER) -> list[Rule]:
    """All rules of the seed, in its order."""
    with (project_folder / "seeds" / "discrepancy_rules.csv").open(encoding="utf-8", newline="") as seed:
        return [_rule(project_folder, row) for row in csv.DictReader(seed)]


def document_rules(folder: Path, project_folder: Path = PROJECT_FOLDER) -> list[Path]:
    """Write the pages and their index; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in rule_pages(project_folder).items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def rule_pages(project_folder: Path = PROJECT_FOLDER) -> dict[str, str]:
    """The pages by file name, as they should be."""
    rules = read_rules(project_folder)
    with (project_folder / "seeds" / "thresholds.csv").open(encoding="utf-8", newline="") as seed:
        thresholds = {row["threshold_code"]: row for row in csv.DictReader(seed)}
    pages = {f"{rule.code}.md": _page(rule, thresholds) for rule in rules}
    return {"README.md": _index(rules), **pages}


def _rule(project_folder: Path, row: Mapping[str, str]) -> Rule:
    model = f"int_discrepancies__{row['rule_code']}"
    document = _described(project_folder, model)
    described = next(entry for entry in document["models"] if entry["name"] == model)
    said = {**described["config"]["meta"], "description": described["description"]}
    decided_by = _named(project_folder, said["decided_by"]) if "decided_by" in said else None
    return Rule(row, said, tuple(_unit_test(test) for test in document["unit_tests"]), decided_by)


def _named(project_folder: Path, name: str) -> UnitTest:
    for test in _described(project_folder, name.rpartition("__")[0])["unit_tests"]:
        if test["name"] == name:
            return _unit_test(test)
    raise ConfigurationError(
        f"No unit test is called {name}",
        remedy="Name another in decided_by, beside the rule's model.",
        code="UNIT_TEST_UNKNOWN",
    )


def _described(project_folder: Path, model: str) -> dict[str, Any]:
    path = next((project_folder / "models").rglob(f"{model}.yml"), None)
    if path is None:
        raise ConfigurationError(
            f"Nothing stands beside a model {model}",
            remedy=f"Write {model}.yml, or name another test in decided_by.",
            code="MODEL_UNDESCRIBED",
        )
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def _unit_test(test: Mapping[str, Any]) -> UnitTest:
    given = tuple((entry["input"].split("'")[1], tuple(entry["rows"])) for entry in test["given"])
    return UnitTest(test["name"], test["description"], given, tuple(test["expect"]["rows"]))


def _index(rules: Sequence[Rule]) -> str:
    lines = [
        "# Rules", "", "Made by `make docs` from the seed and the models.", "",
        "## By question", "", "| You ask | Look at |", "|---|---|",
    ]  # fmt: skip
    asked: dict[str, list[Rule]] = {}
    for rule in rules:
        asked.setdefault(rule.said["question"], []).append(rule)
    lines += [f"| {question} | {', '.join(map(_link, found))} |" for question, found in asked.items()]
    for leg, title in _LEGS.items():
        lines += ["", f"## {title}", "", "| Rule | Says | Liable first | Claim |", "|---|---|---|---|"]
        lines += [
            f"| {_link(rule)} | {rule.said['says']} | {_role(rule.seed['liable_first'])} "
            f"| {_yes(rule.seed['is_claimable'])} |"
            for rule in rules
            if rule.said["leg"] == leg
        ]
    return "\n".join(lines) + "\n"


def _page(rule: Rule, thresholds: Mapping[str, Row]) -> str:
    seed, said = rule.seed, rule.said
    lines = [f"# {seed['title']} (`{rule.code}`)", "", f"**{said['says']}** ([all rules](README.md))", ""]
    lines += ["| | |", "|---|---|", f"| Fires | {said['fires']} |", f"| Border | {said['border']} |"]
    lines += [f"| Must not fire | {said['must_not_fire']} |", "", "## Who is liable", "", said["liable"]]
    order = [_role(role) for role in (seed["liable_first"], seed["liable_then"]) if role]
    lines += ["", f"Order: {', then '.join(order)}."] if order else []
    lines += ["", f"Runner-up: {said['runner_up']}"] if "runner_up" in said else []
    lines += ["", "## What makes it sure", "", said["sure"], "", "## What follows", ""]
    lines += [
        f"- Stands on: one {_GRAINS[seed['grain']]}; counts {seed['qty_unit']}s",
        f"- Final: {said['final']}",
        f"- Value: {said['value']}",
        f"- Claim: {_proof(rule)}",
    ]
    lines += [_threshold(name, thresholds.get(name)) for name in said.get("thresholds", ())]
    return "\n".join([*lines, "", *_example(rule), *_tests(rule)]) + "\n"


def _example(rule: Rule) -> list[str]:
    lines = ["## Worked example", "", "Tests run it. What is false or unknown is left out.", ""]
    if rule.decided_by:
        model = rule.decided_by.name.rpartition("__")[0]
        lines += [*_given(rule.decided_by), f"So `{model}` says:", "", *_table(rule.decided_by.expected), ""]
    return [*lines, *_given(rule.example), "The discrepancy:", "", *_table(rule.example.expected), ""]


def _given(test: UnitTest) -> list[str]:
    lines = [f"{_sentence(test.description)} (`{test.name}`)", ""]
    for name, rows in test.given:
        if any(_is_told(column, value) for row in rows for column, value in row.items()):
            lines += [f"Given, from `{name}`:", "", *_table(rows), ""]
    return lines


def _tests(rule: Rule) -> list[str]:
    lines = ["## Model and tests", "", f"`{rule.model}`: {rule.said['description']}", ""]
    shorts = [(test.name.removeprefix(f"{rule.model}__"), test.description) for test in rule.unit_tests]
    return lines + [f"- `{name}`: {said.rstrip('.')}" for name, said in shorts]


def _table(rows: Sequence[Row]) -> list[str]:
    """Rows side by side, one column each; what no row says, and the keys that join them, left out."""
    names = [name for row in rows for name in row]
    told = [name for name in dict.fromkeys(names) if any(_is_told(name, row.get(name)) for row in rows)]
    lines = ["| |" + " |" * len(rows), "|---|" + "---|" * len(rows)]
    return lines + [
        f"| `{name}` | " + " | ".join(_text(row.get(name)) for row in rows) + " |" for name in told
    ]


def _is_told(name: str, value: object) -> bool:
    return value is not None and value is not False and name != "tenant_code" and not name.endswith("_key")


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def _threshold(name: str, row: Row | None) -> str:
    if row is None or not row["threshold_value"]:
        return f"- Threshold `{name}`: no default; agreed in a contract only, blank is not judged"
    return f"- Threshold `{name}`: {row['threshold_value']} {row['unit']}. {row['source']}"


def _proof(rule: Rule) -> str:
    if rule.seed["is_claimable"] != "true":
        return "none"
    if rule.code in FILM_RULES:
        return "yes; its proof is a sealed clip of each line"
    if rule.code in RECORD_RULES:
        return "yes; its proof is the records that the facts name"
    return "yes; its proof is a document of the RTV or the consignment, or a sealed clip"


def _link(rule: Rule) -> str:
    return f"[`{rule.code}`]({rule.code}.md)"


def _role(role: str) -> str:
    return _ROLES.get(role, f"the {role}") if role else "nobody: an alert"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _yes(flag: str) -> str:
    return "yes" if flag == "true" else "no"
