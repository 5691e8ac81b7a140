"""Writes one page a rule of reconciliation, from the seed and the description beside its model."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROJECT_FOLDER = Path(__file__).resolve().parents[1] / "dbt_project"
_RULES_FOLDER = Path("models") / "intermediate" / "discrepancies"
_GRAINS = {
    "consignment": "consignment",
    "rtv": "RTV",
    "rtv_line": "RTV line",
    "capture_item": "captured item",
    "debit_line": "debit note line",
    "rtv_document": "RTV and document type",
}
_ROLES = {"receiving_party": "the receiving node's party", "": "nobody: an alert, no claim"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its seed row, and what stands beside its model when it is computed."""

    seed: dict[str, str]
    description: str | None
    unit_tests: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        """The code, the same in seed, model, tests and docs."""
        return self.seed["rule_code"]

    @property
    def model(self) -> str:
        """The model that computes it."""
        return f"int_discrepancies__{self.code}"


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
    listed = [
        f"| [`{rule.code}`]({rule.code}.md) | {rule.seed['title']} | {_grain(rule)} | {_state(rule)} |"
        for rule in rules
    ]
    index = "\n".join(
        ["# Rules", "", "Made by `make docs` from the seed and the models.", "",
         "| Code | Rule | Stands on | |", "|---|---|---|---|", *listed, ""]
    )  # fmt: skip
    return {"README.md": index, **{f"{rule.code}.md": _page(rule) for rule in rules}}


def _rule(project_folder: Path, row: dict[str, str]) -> Rule:
    model = f"int_discrepancies__{row['rule_code']}"
    path = project_folder / _RULES_FOLDER / f"{model}.yml"
    if not path.exists():
        return Rule(row, None, ())
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    described = next(entry for entry in document["models"] if entry["name"] == model)
    tests = tuple((test["name"], test.get("description", "")) for test in document.get("unit_tests", ()))
    return Rule(row, described["description"].strip(), tests)


def _page(rule: Rule) -> str:
    lines = [f"# {rule.seed['title']} (`{rule.code}`)", ""]
    lines += [rule.description or "Not yet computed: no model of this rule is there.", ""]
    lines += [
        f"- Stands on: one {_grain(rule)}; counts: {rule.seed['qty_unit']}s",
        f"- Liable first: {_role(rule.seed['liable_first'])}"
        + (f"; then {_role(rule.seed['liable_then'])}" if rule.seed["liable_then"] else ""),
        f"- Can be claimed: {_yes(rule.seed['is_claimable'])}; has a value: {_yes(rule.seed['is_valued'])}"
        f"; covers units that another rule may count: {_yes(rule.seed['is_overlay'])}",
    ]
    if rule.description:
        lines += [f"- Model: `{rule.model}`", "", "Its tests:", ""]
        lines += [f"- `{name}`: {said.rstrip('.')}" for name, said in rule.unit_tests]
    return "\n".join(lines) + "\n"


def _state(rule: Rule) -> str:
    return "computed" if rule.description else "not yet computed"


def _grain(rule: Rule) -> str:
    return _GRAINS[rule.seed["grain"]]


def _role(role: str) -> str:
    return _ROLES.get(role, f"the {role}")


def _yes(flag: str) -> str:
    return "yes" if flag == "true" else "no"
