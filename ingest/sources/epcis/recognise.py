"""Recognises EPCIS documents, and lists of EPCIS events, by their own names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.readers.table import Batch, BrokenRow, Table, batch_of
from ingest.sources.base import Recognition
from ingest.sources.bodies import bodies_of
from ingest.sources.epcis.events import Event, events_of, is_epcis
from ingest.sources.epcis.rows import HEADERS, Row, Told, told_by

NAME = "epcis"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}
_BY_PAPER = "a row is an article of an event; its line is named by carton, GTIN and batch"


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A document of events as manifests, goods receipts and tracking; none when it is another's."""
    del file_name
    if not is_epcis(table.header):
        return []
    found = told_by(_events(table))
    contracts = [name for name in HEADERS if found.rows.get(name)]
    # Events that mean nothing are kept with the first part: no row of the document is without a fate.
    return [
        _part(name, found, table, found.unread if place == 0 else [])
        for place, name in enumerate(contracts or ["transporter_events"])
    ]


def _events(table: Table) -> list[Event]:
    return [event for batch in table.batches() for _, body in bodies_of(batch) for event in events_of(body)]


def _part(name: str, found: Told, table: Table, unread: list[BrokenRow]) -> tuple[Table, Recognition]:
    header, rows = HEADERS[name], found.rows.get(name, [])
    findings = [_BY_PAPER]
    if found.wrong:
        findings.append(f"{found.wrong} events are declared wrong by their sender and count for nothing")
    recognition = Recognition(
        NAME,
        name,
        "its events are those of EPCIS",
        {column: column for column in header},
        unknowable=UNKNOWABLE.get(name, frozenset()),
        findings=tuple(findings),
    )
    return Table(table.sheet_name, header, None, partial(_batches, header, rows, unread)), recognition


def _batches(header: tuple[str, ...], rows: list[Row], unread: list[BrokenRow]) -> Iterator[Batch]:
    sound = [(number, [row.get(name) or None for name in header]) for number, row in enumerate(rows, 1)]
    broken = [
        BrokenRow(len(rows) + number, row.code, row.fact, row.remedy, row.content)
        for number, row in enumerate(unread, 1)
    ]
    yield batch_of(header, sound, broken)
