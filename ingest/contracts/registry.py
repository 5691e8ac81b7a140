"""The canonical contracts, read from their Open Data Contract Standard files beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from rtv_core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `kind` is the hub's own type: text, gtin, tz, sha256, enum, int, posint, nonnegint,
    decimal, money, pct, date, expiry, timestamp, bool, list, record or records."""

    name: str
    kind: str
    required: bool
    description: str
    physical_type: str | None
    allowed_values: tuple[str, ...] = ()
    key_position: int | None = None
    fields: tuple[Field, ...] = ()
    child_table: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One canonical input: its columns, natural key and how a later row supersedes an earlier one."""

    name: str
    purpose: str
    grain: str
    version: str
    fields: tuple[Field, ...]
    natural_key: tuple[str, ...]
    supersession: str

    def field_named(self, name: str) -> Field | None:
        """The column of that name, or None."""
        return next((entry for entry in self.fields if entry.name == name), None)


def _field(entry: dict[str, Any]) -> Field:
    custom = {item["property"]: item["value"] for item in entry.get("customProperties", [])}
    inner = entry.get("properties") or entry.get("items", {}).get("properties", [])
    return Field(
        name=entry["name"],
        kind=custom["kind"],
        required=entry.get("required", False),
        description=entry["description"],
        physical_type=entry.get("physicalType"),
        allowed_values=tuple(custom.get("allowedValues", ())),
        key_position=entry.get("primaryKeyPosition"),
        fields=tuple(_field(item) for item in inner),
        child_table=custom.get("childTable"),
    )


@cache
def contracts() -> dict[str, Contract]:
    """All canonical contracts by name."""
    found: dict[str, Contract] = {}
    for entry in sorted(resources.files("ingest.contracts").iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        document = yaml.safe_load(entry.read_text(encoding="utf-8"))
        table = document["schema"][0]
        custom = {item["property"]: item["value"] for item in table["customProperties"]}
        found[document["name"]] = Contract(
            name=document["name"],
            purpose=document["description"]["purpose"],
            grain=table["dataGranularityDescription"],
            version=document["version"],
            fields=tuple(_field(item) for item in table["properties"]),
            natural_key=tuple(custom["naturalKey"]),
            supersession=custom["supersession"],
        )
    return found


def contract(name: str) -> Contract:
    """One contract; `NotFound` names the known ones."""
    try:
        return contracts()[name]
    except KeyError:
        raise NotFound(
            f"No canonical contract is called {name}",
            remedy=f"Use one of: {', '.join(contracts())}.",
            code="CONTRACT_UNKNOWN",
        ) from None
