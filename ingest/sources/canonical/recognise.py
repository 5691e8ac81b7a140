"""Recognises the canonical contracts by the file's name, checked against its columns, or by columns alone."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import PurePath

import yaml

from ingest.contracts.registry import Contract, contracts
from ingest.readers.table import Table, normal_form
from ingest.sources.base import Recognition
from rtv_core.errors import InvalidInput

NAME = "canonical"


@cache
def _roles() -> dict[str, tuple[str, ...]]:
    text = resources.files("ingest.sources.canonical").joinpath("roles.yaml").read_text(encoding="utf-8")
    return {field: tuple(names) for field, names in yaml.safe_load(text).items()}


def contract_named(file_name: str) -> Contract | None:
    """The contract with the longest name that the file's name starts with."""
    stem = PurePath(file_name).name.lower()
    named = [found for name, found in contracts().items() if stem.startswith(name)]
    return max(named, key=lambda found: len(found.name), default=None)


def fitted(contract: Contract, header: tuple[str, ...]) -> dict[str, str]:
    """Which header stands for which field: by its own name, else by a role that only one header plays."""
    fields = _field_names(contract)
    normal = [(entry, normal_form(entry)) for entry in header]
    names: dict[str, str] = {}
    for entry, form in normal:
        if form in fields and form not in names.values():
            names[entry] = form
    for field_name in fields:
        if field_name in names.values():
            continue
        players = [
            entry for entry, form in normal if entry not in names and form in _roles().get(field_name, ())
        ]
        if len(players) == 1:
            names[players[0]] = field_name
    return names


def missing_columns(contract: Contract, names: dict[str, str]) -> list[str]:
    """The required fields that no column stands for."""
    there = set(names.values())
    return [entry.name for entry in contract.fields if entry.required and entry.name not in there]


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A table of a contract. Raises `InvalidInput` (COLUMNS_DRIFTED) when its name promises another."""
    found = recognise_contract(file_name, table)
    return [(table, found)] if found else []


def recognise_contract(file_name: str, table: Table) -> Recognition | None:
    """The contract of a table. Raises `InvalidInput` (COLUMNS_DRIFTED) when its name promises another."""
    named = contract_named(file_name)
    if named is None:
        return _by_columns(table.header)
    names = fitted(named, table.header)
    missing, twice = missing_columns(named, names), _twice(named, table.header)
    if missing or twice:
        raise _drift(named, names, missing, twice, table.header)
    renamed = tuple(
        f"{entry} is read as {name}" for entry, name in names.items() if normal_form(entry) != name
    )
    return Recognition(NAME, named.name, f"its name starts with {named.name}", names, findings=renamed)


def _by_columns(header: tuple[str, ...]) -> Recognition | None:
    scored: list[tuple[int, int, Contract]] = []
    normal = {normal_form(entry) for entry in header}
    for found in contracts().values():
        names = _field_names(found)
        if not [entry for entry in found.fields if entry.required and entry.name not in normal]:
            scored.append((len(names & normal), -len(names), found))
    scored.sort(key=lambda item: item[:2], reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    best = scored[0][2]
    return Recognition(NAME, best.name, f"its columns are those of {best.name}", fitted(best, header))


def _field_names(contract: Contract) -> set[str]:
    names = {entry.name for entry in contract.fields}
    for entry in contract.fields:
        if entry.kind == "record":
            names |= {f"{entry.name}_{inner.name}" for inner in entry.fields}
    return names


def _twice(contract: Contract, header: tuple[str, ...]) -> list[str]:
    """Columns of the contract that stand more than once: which of them counts is not certain."""
    marked = [entry.rpartition("#") for entry in header]
    return [
        name
        for name, mark, number in marked
        if mark and number.isdigit() and normal_form(name) in _field_names(contract)
    ]


def _drift(
    contract: Contract,
    names: dict[str, str],
    missing: list[str],
    twice: list[str],
    header: tuple[str, ...],
) -> InvalidInput:
    unknown = [entry for entry in header if entry not in names]
    told = {
        "lacks the columns": missing,
        "names twice the columns": twice,
        "has the unknown columns": unknown,
    }
    drift = "; ".join(f"{what} {', '.join(columns)}" for what, columns in told.items() if columns)
    return InvalidInput(
        f"A file of {contract.name} {drift}",
        remedy="Name the columns as the contract does, name the file after the contract it holds, "
        "or map its columns with `rtv map`.",
        code="COLUMNS_DRIFTED",
        missing=missing,
        twice=twice,
        unknown=unknown,
    )
