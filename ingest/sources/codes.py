"""Puts the tenant's codes in place of a partner's, and fills in what a partner's files never name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.contracts.registry import contract
from ingest.readers.table import Batch, Cell
from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.validation.judge import MappedBatch, mapped_as_is

# Which setting translates the codes of which fields.
_TRANSLATED = {
    "platform_code": "platform_codes",
    "party_code": "platform_codes",
    "origin_node": "node_codes",
    "destination_node": "node_codes",
    "node_code": "node_codes",
    "transporter_code": "transporter_codes",
}
NO_CODES: Mapping[str, Any] = {"platform_codes": {}, "node_codes": {}, "transporter_codes": {}}


def code_mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps batches that stand under the contract's names. A setting named like a field fills its blanks."""
    fields = {entry.name for entry in contract(recognition.contract_name).fields}
    fallbacks = {name: str(value) for name, value in settings.items() if name in fields and value is not None}
    return lambda batch: _mapped(batch, recognition, settings, fallbacks)


def _mapped(
    batch: Batch, recognition: Recognition, settings: SourceSettings, fallbacks: Mapping[str, str]
) -> MappedBatch:
    mapped = mapped_as_is(batch, recognition.columns)
    count = len(batch.row_nos)
    for name, setting in _TRANSLATED.items():
        codes: Mapping[str, str] = settings.get(setting) or {}
        if codes and name in mapped.columns:
            mapped.columns[name] = [
                codes.get(value, value) if value else None for value in mapped.columns[name]
            ]
    for name, fallback in fallbacks.items():
        blanks: list[Cell] = [None] * count
        mapped.columns[name] = [value or fallback for value in mapped.columns.get(name, blanks)]
    return mapped
