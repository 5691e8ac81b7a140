"""The thresholds of the checks: data beside this module, and what a tenant has set over it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from expectations import sets

CHECKS = {
    "rows": "rows, at least",
    "age_days": "days since something came in, at most",
    "mean": "mean of the column, from low to high",
    "filled_share": "share of rows with a value, at least",
    "value_share": "share of rows with that value (COLUMN=VALUE), at most",
    "distinct": "different values of the column, at least",
}
# Which bounds a check needs, so that it says something.
BOUNDS = {
    "rows": ("low",),
    "age_days": ("high",),
    "mean": ("low", "high"),
    "filled_share": ("low",),
    "value_share": ("high",),
    "distinct": ("low",),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One bound on the rows of a raw table; `source_name` empty: on all of them, whatever their source.

    Without low and high the check is switched off.
    """

    table_name: str
    source_name: str
    column_name: str
    check_name: str
    low: float | None
    high: float | None
    reason: str
    set_by: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What is bound: a tenant's threshold takes the place of the one with its key."""
        return self.table_name, self.source_name, self.column_name, self.check_name


@cache
def defaults() -> tuple[Threshold, ...]:
    """What every tenant starts with."""
    text = resources.files("expectations").joinpath("thresholds.csv").read_text(encoding="utf-8")
    return tuple(read(row) for row in csv.DictReader(text.splitlines()))


def read(row: Mapping[str, Any]) -> Threshold:
    """A threshold from a row of the file or of the warehouse."""
    low, high = (None if row[name] in (None, "") else float(row[name]) for name in ("low", "high"))
    return Threshold(
        row["table_name"],
        row["source_name"],
        row["column_name"],
        row["check_name"],
        low,
        high,
        row["reason"],
        row.get("set_by"),
    )


def in_force(own: Iterable[Mapping[str, Any]]) -> list[Threshold]:
    """The thresholds of a tenant: its own rows over what every tenant starts with."""
    found = {one.key: one for one in (*defaults(), *map(read, own))}
    return sorted(found.values(), key=lambda one: one.key)


def expectation_of(threshold: Threshold, now: datetime) -> sets.Expectation:
    """What Great Expectations is asked; `now` is what ages are told from."""
    low, high = threshold.low or 0.0, threshold.high or 0.0
    column, _, value = threshold.column_name.partition("=")
    match threshold.check_name:
        case "rows":
            return sets.holds_rows(round(low))
        case "age_days":
            return sets.loaded_within(round(high), now)
        case "mean":
            return sets.mean_between(column, low, high)
        case "filled_share":
            return sets.filled_in(column, low)
        case "value_share":
            return sets.rarely(column, value, high)
        case _:
            return sets.varies(column, round(low))
