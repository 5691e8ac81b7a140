"""Finds a source's report in whatever it comes in: a table, one under titles, or nested JSON and XML."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ingest.readers.table import Table
from ingest.sources.base import Recognition
from ingest.sources.contract_files import is_of_a_contract
from ingest.sources.reports import Report, find_report, parts_of
from ingest.sources.titles import below_titles
from ingest.sources.unfolding import unfolded


def recognise_documents(
    source_name: str, reports: Sequence[Report], file_name: str, table: Table, lines: Sequence[str] = ()
) -> list[tuple[Table, Recognition]]:
    """The parts of a source's report; `lines` are the names that its lines of goods go by when nested."""
    if is_of_a_contract(file_name, table.header):
        return []
    nested = unfolded(table, lines) if lines and _is_nested(table) else None
    if nested and (found := find_report(reports, file_name, nested)):
        return parts_of(source_name, *found, nested)
    plain = below_titles(table, lambda header: _is_one_of(reports, file_name, table, header))
    found = find_report(reports, file_name, plain) if plain else None
    return parts_of(source_name, *found, plain) if found and plain else []


def _is_one_of(reports: Sequence[Report], file_name: str, table: Table, header: tuple[str, ...]) -> bool:
    return find_report(reports, file_name, Table(table.sheet_name, header, None, table.batches)) is not None


def _is_nested(table: Table) -> bool:
    """Whether some cell of the first rows holds an object or a list."""
    first = next(table.batches(), None)
    if first is None:
        return False
    return any((cell or "")[:1] in ("{", "[") for column in first.columns for cell in islice(column, 5))
