"""Asks every source whether a document is one of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.mapping.recorded import UNKNOWN, RecordedMapping
from ingest.readers.edi.read import EdiDocument
from ingest.readers.table import Document, Table
from ingest.sources.ajio import map as ajio_map
from ingest.sources.ajio import recognise as ajio_recognise
from ingest.sources.amazon import map as amazon_map
from ingest.sources.amazon import recognise as amazon_recognise
from ingest.sources.base import MapModule, Mapper, RecogniseModule, Recognition, SourceSettings
from ingest.sources.canonical import map as canonical_map
from ingest.sources.canonical import recognise as canonical_recognise
from ingest.sources.edi import map as edi_map
from ingest.sources.edi.recognise import NAME as EDI
from ingest.sources.edi.recognise import UNKNOWABLE as EDI_UNKNOWABLE
from ingest.sources.edi.recognise import recognise_document
from ingest.sources.epcis import map as epcis_map
from ingest.sources.epcis import recognise as epcis_recognise
from ingest.sources.erp import map as erp_map
from ingest.sources.erp import recognise as erp_recognise
from ingest.sources.flipkart import map as flipkart_map
from ingest.sources.flipkart import recognise as flipkart_recognise
from ingest.sources.increff import map as increff_map
from ingest.sources.increff import recognise as increff_recognise
from ingest.sources.mapped import map as mapped_map
from ingest.sources.mapped.recognise import NAME as MAPPED
from ingest.sources.mapped.recognise import MappedFiles
from ingest.sources.meesho import map as meesho_map
from ingest.sources.meesho import recognise as meesho_recognise
from ingest.sources.noon import map as noon_map
from ingest.sources.noon import recognise as noon_recognise
from ingest.sources.oracle_retail import map as oracle_retail_map
from ingest.sources.oracle_retail import recognise as oracle_retail_recognise
from ingest.sources.tally import map as tally_map
from ingest.sources.tally import recognise as tally_recognise
from ingest.sources.titles import named_once
from ingest.sources.tracking import map as tracking_map
from ingest.sources.tracking import recognise as tracking_recognise
from ingest.sources.vinculum import map as vinculum_map
from ingest.sources.vinculum import recognise as vinculum_recognise
from ingest.validation.errors import RejectedRow
from rtv_core.errors import InvalidInput, NotFound

# The widest report of any source has 76.
MAX_COLUMNS = 2_000
# Recorded mappings first: what people said of a name outranks what is guessed. Then foreign sources: their
# headers are particular, the canonical ones are common words.
_NO_MAPPINGS = MappedFiles(())
_RECOGNISERS: dict[str, RecogniseModule] = {
    MAPPED: _NO_MAPPINGS,
    "amazon": amazon_recognise,
    "ajio": ajio_recognise,
    epcis_recognise.NAME: epcis_recognise,
    tracking_recognise.NAME: tracking_recognise,
    "flipkart": flipkart_recognise,
    "increff": increff_recognise,
    "meesho": meesho_recognise,
    "noon": noon_recognise,
    "oracle_retail": oracle_retail_recognise,
    "tally": tally_recognise,
    "vinculum": vinculum_recognise,
    "canonical": canonical_recognise,
    # Last: its columns are the common ones of any register.
    "erp": erp_recognise,
}
_UNKNOWABLE: dict[str, Mapping[str, frozenset[str]]] = {
    "amazon": amazon_recognise.UNKNOWABLE,
    "ajio": ajio_recognise.UNKNOWABLE,
    epcis_recognise.NAME: epcis_recognise.UNKNOWABLE,
    "flipkart": flipkart_recognise.UNKNOWABLE,
    "increff": increff_recognise.UNKNOWABLE,
    "meesho": meesho_recognise.UNKNOWABLE,
    "noon": noon_recognise.UNKNOWABLE,
    "oracle_retail": oracle_retail_recognise.UNKNOWABLE,
    "vinculum": vinculum_recognise.UNKNOWABLE,
    EDI: EDI_UNKNOWABLE,
}
_MAPS: dict[str, MapModule] = {
    MAPPED: mapped_map,
    "amazon": amazon_map,
    "ajio": ajio_map,
    epcis_recognise.NAME: epcis_map,
    "flipkart": flipkart_map,
    "increff": increff_map,
    "meesho": meesho_map,
    "noon": noon_map,
    "oracle_retail": oracle_retail_map,
    "tally": tally_map,
    "vinculum": vinculum_map,
    "erp": erp_map,
    tracking_recognise.NAME: tracking_map,
    "canonical": canonical_map,
    EDI: edi_map,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a document that is loaded, and how it was recognised."""

    table: Table
    recognition: Recognition


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is loaded of a document (each part into a contract of its own), and what is left out of it."""

    parts: tuple[Part, ...]
    left_out: tuple[Table, ...] = ()
    unread: tuple[RejectedRow, ...] = ()

    @property
    def contract_names(self) -> tuple[str, ...]:
        """The contracts that the parts map to."""
        return tuple(part.recognition.contract_name for part in self.parts)

    @property
    def source_name(self) -> str:
        """The source that recognised the document."""
        return self.parts[0].recognition.source_name


def source_names() -> tuple[str, ...]:
    """The known sources."""
    return tuple(_MAPS)


def recognise(
    file_name: str,
    document: Document,
    source_name: str | None = None,
    mappings: Sequence[RecordedMapping] = (),
) -> Recognised:
    """Find the source of a document and what of it is loaded, given the tenant's mappings in force.

    Raises `InvalidInput` when there is none, or when a mapping is meant and the columns differ from it.
    """
    if source_name is not None and source_name not in _MAPS:
        raise NotFound(
            f"No source is called {source_name}",
            remedy=f"Use one of: {', '.join(_MAPS)}.",
            code="SOURCE_UNKNOWN",
        )
    if isinstance(document, EdiDocument) and source_name in (None, EDI):
        return _messages(document)
    if source_name == EDI:
        raise _unknown(document)
    modules = {**_RECOGNISERS, MAPPED: MappedFiles(mappings)}
    asked = [modules[source_name]] if source_name else list(modules.values())
    refusals: list[InvalidInput] = []
    for table in document.tables:
        if len(table.header) > MAX_COLUMNS:
            refusals.append(_too_wide(table))
            continue
        # A source that knows the whole of a nested document reads more of it than its rows alone. Names that
        # stand twice are asked for once.
        for asked_of in filter(None, (table.whole, table, named_once(table))):
            try:
                found = _first(file_name, asked_of, asked)
            except InvalidInput as error:
                refusals.append(error)
                continue
            if found:
                left_out = tuple(
                    other
                    for other in document.tables
                    if other is not table and (other.whole is None or other.whole is not asked_of)
                )
                return Recognised(tuple(Part(*part) for part in found), left_out)
    raise min(refusals, key=_difference) if refusals else _unknown(document)


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """What maps the batches of one file, by the source that recognised it."""
    return _MAPS[recognition.source_name].mapper(recognition, settings)


def default_settings(source_name: str) -> SourceSettings:
    """What a source assumes unless a tenant says otherwise."""
    settings: SourceSettings = getattr(_MAPS[source_name], "DEFAULT_SETTINGS", {})
    return settings


def unknowable_of(
    source_name: str, contract_name: str, mapped_columns: Mapping[str, str] | None
) -> frozenset[str]:
    """The required fields of a contract that a source, or the mapping a file was read by, does not state."""
    if mapped_columns is not None:
        return frozenset(name for name, column in mapped_columns.items() if column == UNKNOWN)
    return _UNKNOWABLE.get(source_name, {}).get(contract_name, frozenset())


def _messages(document: EdiDocument) -> Recognised:
    parts, unread = recognise_document(document)
    return Recognised(tuple(Part(table, found) for table, found in parts), (), tuple(unread))


def _first(
    file_name: str, table: Table, asked: Sequence[RecogniseModule]
) -> Sequence[tuple[Table, Recognition]]:
    for module in asked:
        found = module.recognise(file_name, table)
        if found:
            return found
    return ()


def _difference(refusal: InvalidInput) -> int:
    """How many columns a refusal names: the sheet that was meant differs least, a cover sheet in all."""
    return sum(len(refusal.facts.get(kind, ())) for kind in ("gone", "new", "missing", "twice", "unknown"))


def _too_wide(table: Table) -> InvalidInput:
    return InvalidInput(
        f"The table has {len(table.header)} columns, {MAX_COLUMNS} is the most",
        remedy="Look whether rows and columns are exchanged, or another delimiter is used; send it again.",
        code="TABLE_TOO_WIDE",
    )


def _unknown(document: Document) -> InvalidInput:
    header = document.tables[0].header if document.tables else ()
    return InvalidInput(
        f"No source knows a table with the columns {', '.join(header[:40])}",
        remedy="Map its columns with `rtv map`; or start the file's name with its contract, as in "
        "rtv_manifests_2026.csv, and use its columns.",
        code="CONTRACT_UNKNOWN",
        header=list(header[:200]),
    )
