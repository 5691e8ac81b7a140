"""Drafts a mapping: what a person chose, what was saved before, and the suggestions that are sure enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.contracts.registry import Contract, contracts
from ingest.mapping.choices import can_be_counted, can_be_unknown, require_sound
from ingest.mapping.recorded import COUNTED, MARKS, UNKNOWN, RecordedMapping
from ingest.mapping.roles import Suggestion, suggest
from ingest.readers.table import Table

# A suggestion below this is shown, and taken only when a person says so.
SURE = 0.8
# A contract is worth naming when this part of its required fields seems to be there.
_LIKELY = 0.3
_OFFERED = 0.5
_SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """Columns by role as they would be saved, and what a person may still want to say."""

    contract: Contract
    table: Table
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    suggestions: tuple[Suggestion, ...]
    samples: Mapping[str, Sequence[str]]

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields without column or constant."""
        there = self.columns.keys() | self.constants.keys()
        return tuple(
            field.name for field in self.contract.fields if field.required and field.name not in there
        )

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns that no field stands for; their cells are kept beside the row."""
        return tuple(column for column in self.table.header if column not in self.columns.values())


def draft(
    contract: Contract,
    table: Table,
    *,
    chosen: Mapping[str, str],
    constants: Mapping[str, str],
    earlier: RecordedMapping | None = None,
) -> Draft:
    """A draft for one table. `chosen` is field to column; an empty column leaves the field out, an
    empty constant takes an earlier one away.

    Raises `InvalidInput` for a choice that the contract or the header does not allow.
    """
    before = earlier if earlier is not None and earlier.contract_name == contract.name else None
    fixed = {**(before.constants if before else {}), **constants}
    fixed = {
        name: value
        for name, value in fixed.items()
        if value and not (name in chosen and name not in constants)
    }
    columns = require_sound(contract, table.header, chosen, fixed)
    settled = chosen.keys() | fixed.keys()
    samples = sample_cells(table)
    suggestions = _kept(before, table, settled, set(columns.values()))
    settled |= {found.field_name for found in suggestions}
    free = [
        column
        for column in table.header
        if column not in columns.values() and column not in {found.column for found in suggestions}
    ]
    suggestions += suggest([field for field in contract.fields if field.name not in settled], free, samples)
    suggestions += _marked(contract, settled | {found.field_name for found in suggestions})
    columns |= {found.field_name: found.column for found in suggestions if found.confidence >= SURE}
    return Draft(contract, table, columns, fixed, tuple(suggestions), samples)


def sample_cells(table: Table) -> dict[str, list[str]]:
    """Some filled cells of each column, from the first rows."""
    batch = next(table.batches(), None)
    if batch is None:
        return {column: [] for column in table.header}
    return {
        column: [cell for cell in values[:_SAMPLE_ROWS] if cell and cell.strip()]
        for column, values in zip(batch.header, batch.columns, strict=True)
    }


def is_flat(contract: Contract) -> bool:
    """Whether rows of a table can be this contract's: nothing nested is required."""
    return not any(field.required and field.kind in ("record", "records") for field in contract.fields)


def likely_contracts(table: Table) -> list[str]:
    """The contracts whose required fields this table seems to have, the likeliest first, at most three."""
    samples = sample_cells(table)
    scores: dict[str, float] = {}
    for name, found in contracts().items():
        required = [field for field in found.fields if field.required]
        if is_flat(found):
            sure = sum(entry.confidence for entry in suggest(required, table.header, samples))
            scores[name] = sure / len(required)
    known = [name for name, score in scores.items() if score >= _LIKELY]
    return sorted(known, key=lambda name: -scores[name])[:3]


def _kept(
    before: RecordedMapping | None, table: Table, settled: set[str], taken: set[str]
) -> list[Suggestion]:
    if before is None:
        return []
    kept = [
        Suggestion(name, column, 1.0, f"as saved before in {before.mapping_name}")
        for column, name in before.fields_by_column(table.header).items()
        if name not in settled and column not in taken
    ]
    return kept + [
        Suggestion(name, mark, 1.0, f"as saved before in {before.mapping_name}")
        for name, mark in before.columns.items()
        if mark in MARKS and name not in settled
    ]


def _marked(contract: Contract, settled: set[str]) -> list[Suggestion]:
    """What no column says, and may be counted or left unknown when a person wants it so."""
    names = [field.name for field in contract.fields if field.required and field.name not in settled]
    counted = "no column numbers the lines; this numbers them in the order of the rows"
    unknown = "no column states it; unknown, it is taken from the newest dispatch price"
    return [
        *(Suggestion(name, COUNTED, _OFFERED, counted) for name in names if can_be_counted(contract, name)),
        *(Suggestion(name, UNKNOWN, _OFFERED, unknown) for name in names if can_be_unknown(contract, name)),
    ]
