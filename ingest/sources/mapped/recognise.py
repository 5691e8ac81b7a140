"""Recognises files by a tenant's mappings in force: the name fits the pattern, the columns are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.mapping.recorded import RecordedMapping, drift
from ingest.mapping.roles import name_score
from ingest.readers.table import Table
from ingest.sources.base import Recognition
from rtv_core.errors import InvalidInput

NAME = "mapped"
_MAYBE = 0.6


@dataclass(frozen=True, slots=True)
class MappedFiles:
    """The mappings of one tenant on one day, asked like any other source."""

    mappings: Sequence[RecordedMapping]

    def recognise(self, file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
        """A table with the mapping it is read by; none when no pattern fits the file's name.

        Raises `InvalidInput`: MAPPING_DRIFT when a pattern fits and the columns differ, MAPPING_AMBIGUOUS
        when several mappings fit both.
        """
        named = [mapping for mapping in self.mappings if mapping.fits_name(file_name)]
        if not named:
            return []
        fitting = [mapping for mapping in named if mapping.fits_header(table.header)]
        if len(fitting) > 1:
            raise _ambiguous(fitting)
        if not fitting:
            raise _drifted(_nearest(named), table)
        return [(table, recognition(fitting[0], table.header))]


def recognition(mapping: RecordedMapping, header: Sequence[str]) -> Recognition:
    """How a table of a mapping's columns is read."""
    columns = mapping.fields_by_column(header)
    findings = [f"{column} is read as {name}" for column, name in columns.items()]
    findings += [f"{name} is {value!r} in every row" for name, value in mapping.constants.items()]
    findings += [
        f"{name} is counted within the document, in the order of the rows" for name in mapping.counted
    ]
    findings += [f"{name} is not stated" for name in mapping.unknown]
    return Recognition(
        NAME,
        mapping.contract_name,
        f"its name and columns are those of the mapping {mapping.mapping_name}",
        columns,
        unknowable=frozenset(mapping.unknown),
        findings=tuple(findings),
        constants=mapping.constants,
        counted=mapping.counted,
        mapping_id=mapping.mapping_id,
    )


def _nearest(named: Sequence[RecordedMapping]) -> RecordedMapping:
    return max(named, key=lambda mapping: (len(mapping.file_pattern), mapping.mapping_name))


def _drifted(mapping: RecordedMapping, table: Table) -> InvalidInput:
    found = drift(mapping, table.header)
    gone = [f"{column} ({name or 'not mapped'}) is gone" for column, name in found.gone.items()]
    new = [f"{column} is new" for column in found.new]
    maybe = [
        f"{column} may now be {name}"
        for name in filter(None, found.gone.values())
        for column in found.new
        if name_score(name, column).value >= _MAYBE
    ]
    told = gone + new + maybe or ["a column stands more or less often than before"]
    return InvalidInput(
        f"The columns differ from those of the mapping {mapping.mapping_name}: {'; '.join(told)}",
        remedy=f"Map the file again with `rtv map FILE --save {mapping.mapping_name}`, then replay it: "
        "`rtv quarantine replay --whole-file` with its number in `rtv quarantine list`.",
        code="MAPPING_DRIFT",
        mapping=mapping.mapping_name,
        gone=dict(found.gone),
        new=list(found.new),
    )


def _ambiguous(fitting: Sequence[RecordedMapping]) -> InvalidInput:
    names = ", ".join(mapping.mapping_name for mapping in fitting)
    return InvalidInput(
        f"Several mappings fit this file's name and columns: {names}",
        remedy="Save one of them with a narrower --pattern, or end it with --effective-to.",
        code="MAPPING_AMBIGUOUS",
        mappings=[mapping.mapping_name for mapping in fitting],
    )
