"""Asks every source whether a document is one of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.mapping.recorded import UNKNOWN, RecordedMapping
from ingest.readers.table import Document, Table
from ingest.sources.amazon import map as amazon_map
from ingest.sources.amazon import recognise as amazon_recognise
from ingest.sources.base import MapModule, Mapper, RecogniseModule, Recognition, SourceSettings
from ingest.sources.canonical import map as canonical_map
from ingest.sources.canonical import recognise as canonical_recognise
from ingest.sources.mapped import map as mapped_map
from ingest.sources.mapped.recognise import NAME as MAPPED
from ingest.sources.mapped.recognise import MappedFiles
from rtv_core.errors import InvalidInput, NotFound

# Recorded mappings first: what people said of a name outranks what is guessed. Then foreign sources: their
# headers are particular, the canonical ones are common words.
_NO_MAPPINGS = MappedFiles(())
_SOURCES: dict[str, tuple[RecogniseModule, MapModule]] = {
    MAPPED: (_NO_MAPPINGS, mapped_map),
    "amazon": (amazon_recognise, amazon_map),
    "canonical": (canonical_recognise, canonical_map),
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The table of a document that is loaded, how it was recognised, and the tables left out."""

    table: Table
    recognition: Recognition
    left_out: tuple[Table, ...]


def source_names() -> tuple[str, ...]:
    """The known sources."""
    return tuple(_SOURCES)


def recognise(
    file_name: str,
    document: Document,
    source_name: str | None = None,
    mappings: Sequence[RecordedMapping] = (),
) -> Recognised:
    """Find the table and source of a document, given the tenant's mappings in force.

    Raises `InvalidInput` when there is none, or when a mapping is meant and the columns differ from it.
    """
    if source_name is not None and source_name not in _SOURCES:
        raise NotFound(
            f"No source is called {source_name}",
            remedy=f"Use one of: {', '.join(_SOURCES)}.",
            code="SOURCE_UNKNOWN",
        )
    modules = {name: source[0] for name, source in _SOURCES.items()} | {MAPPED: MappedFiles(mappings)}
    asked = [modules[source_name]] if source_name else list(modules.values())
    refusals: list[InvalidInput] = []
    for table in document.tables:
        try:
            found = _first(file_name, table, asked)
        except InvalidInput as error:
            refusals.append(error)
            continue
        if found:
            return Recognised(table, found, tuple(other for other in document.tables if other is not table))
    raise min(refusals, key=_difference) if refusals else _unknown(document)


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """What maps the batches of one file, by the source that recognised it."""
    return _SOURCES[recognition.source_name][1].mapper(recognition, settings)


def default_settings(source_name: str) -> SourceSettings:
    """What a source assumes unless a tenant says otherwise."""
    settings: SourceSettings = getattr(_SOURCES[source_name][1], "DEFAULT_SETTINGS", {})
    return settings


def unknowable_of(source_name: str, mapped_columns: Mapping[str, str] | None) -> frozenset[str]:
    """The required fields that a source, or the mapping a file was read by, does not state."""
    if mapped_columns is not None:
        return frozenset(name for name, column in mapped_columns.items() if column == UNKNOWN)
    return getattr(_SOURCES[source_name][0], "UNKNOWABLE", frozenset())


def _first(file_name: str, table: Table, asked: Sequence[RecogniseModule]) -> Recognition | None:
    for module in asked:
        found = module.recognise(file_name, table)
        if found:
            return found
    return None


def _difference(refusal: InvalidInput) -> int:
    """How many columns a refusal names: the sheet that was meant differs least, a cover sheet in all."""
    return sum(len(refusal.facts.get(kind, ())) for kind in ("gone", "new", "missing", "twice", "unknown"))


def _unknown(document: Document) -> InvalidInput:
    header = document.tables[0].header if document.tables else ()
    return InvalidInput(
        f"No source knows a table with the columns {', '.join(header[:40])}",
        remedy="Map its columns with `rtv map`; or start the file's name with its contract, as in "
        "rtv_manifests_2026.csv, and use its columns.",
        code="CONTRACT_UNKNOWN",
        header=list(header[:200]),
    )
