"""Which column of a partner's file plays which role of a contract: by its name, weighed by its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from ingest.contracts.registry import Field
from ingest.readers.table import normal_form
from ingest.validation.cells import read_cell
from ingest.validation.dates import DateOrder, prove_order
from ingest.validation.errors import CellError

_LEAST = 0.4
_USUAL, _POSSIBLE, _ALIKE = 0.95, 0.7, 0.75
# Kinds whose cells say what they are, whatever the column is called.
_TELLING = {"gtin": 0.6, "enum": 0.55, "sha256": 0.6, "tz": 0.6}
_EXPANDED = {
    "number": "no", "num": "no", "nbr": "no", "quantity": "qty", "dt": "date", "amt": "amount",
    "val": "value", "wt": "weight", "exp": "expiry", "ret": "return", "inv": "invoice", "doc": "document",
    "wh": "warehouse", "pct": "percent", "desc": "description", "txn": "transaction", "id": "no",
    "code": "no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """How sure it is, from 0 to 1, and why."""

    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column that may stand for a field of a contract."""

    field_name: str
    column: str
    confidence: float
    reason: str


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    text = resources.files("ingest.mapping").joinpath("names.yaml").read_text(encoding="utf-8")
    return {str(name): entry for name, entry in yaml.safe_load(text).items()}


def name_score(field_name: str, column: str) -> Score:
    """What a column's name alone says of a role."""
    form, known = normal_form(column), _names().get(field_name, {"usual": [], "possible": []})
    if form == field_name:
        return Score(1.0, "its name is the field's own")
    if form in known["usual"]:
        return Score(_USUAL, "partners usually call it so")
    if form in known["possible"]:
        return Score(_POSSIBLE, "some partners call it so")
    words = _words(form)
    alike = max(
        (_likeness(words, _words(name)) for name in (field_name, *known["usual"], *known["possible"])),
        default=0.0,
    )
    return Score(round(_ALIKE * alike, 2), "its name is like one that partners use")


def suggest(
    fields: Sequence[Field], header: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> list[Suggestion]:
    """At most one column a field and one field a column, the surest pairs first.

    `samples` holds some filled cells of each column.
    """
    pairs = [
        found
        for field in fields
        if field.kind not in ("record", "records")
        for column in header
        if (found := _pair(field, column, samples.get(column, ()))).confidence >= _LEAST
    ]
    pairs.sort(key=lambda pair: -pair.confidence)
    taken: dict[str, Suggestion] = {}
    columns: set[str] = set()
    for pair in pairs:
        if pair.field_name not in taken and pair.column not in columns:
            taken[pair.field_name] = _weighed_against_rivals(pair, pairs)
            columns.add(pair.column)
    order = [field.name for field in fields]
    return sorted(taken.values(), key=lambda found: order.index(found.field_name))


def _pair(field: Field, column: str, cells: Sequence[str]) -> Suggestion:
    named = name_score(field.name, column)
    if named.value < _LEAST and field.kind not in _TELLING:
        # Content only ever lowers what a name says, so wide files need not be read for nothing.
        return Suggestion(field.name, column, named.value, named.reason)
    share = _readable_share(field, cells)
    if share is None:
        return Suggestion(field.name, column, named.value, f"{named.reason}; the column is empty")
    percent = f"{share:.0%} of its cells can be read as {field.kind}"
    alone = _TELLING.get(field.kind, 0.0) if share > 0.95 and len(cells) > 1 else 0.0
    if named.value < alone:
        return Suggestion(field.name, column, alone, f"{percent}, its name says nothing")
    return Suggestion(
        field.name, column, round(named.value * (0.3 + 0.7 * share), 2), f"{named.reason}; {percent}"
    )


def _weighed_against_rivals(pair: Suggestion, pairs: Sequence[Suggestion]) -> Suggestion:
    rivals = [
        other
        for other in pairs
        if other.field_name == pair.field_name
        and other.column != pair.column
        and pair.confidence - other.confidence < 0.1
    ]
    if not rivals:
        return pair
    told = f"{pair.reason}; {', '.join(other.column for other in rivals)} could be it as well"
    return Suggestion(pair.field_name, pair.column, round(pair.confidence * 0.7, 2), told)


def _readable_share(field: Field, cells: Sequence[str]) -> float | None:
    """The part of the cells that the contract would take; None when there are none."""
    if not cells:
        return None
    order = prove_order(list(cells))
    settled = DateOrder.DAY_FIRST if order is DateOrder.UNPROVEN else order
    return sum(_is_readable(field, cell.strip(), settled) for cell in cells) / len(cells)


def _is_readable(field: Field, cell: str, order: DateOrder) -> bool:
    try:
        read_cell(field, cell, lambda: order)
    except CellError:
        return False
    return True


def _words(form: str) -> frozenset[str]:
    return frozenset(_EXPANDED.get(word, word) for word in form.split("_") if word)


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right) if left and right else 0.0
