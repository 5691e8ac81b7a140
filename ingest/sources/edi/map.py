"""Puts the tenant's codes in place of those that partners use in their envelopes and segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.readers.table import Batch, Cell
from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.validation.judge import MappedBatch, mapped_as_is

DEFAULT_SETTINGS: Mapping[str, Any] = {
    "platform_codes": {},
    "node_codes": {},
    "transporter_codes": {},
    "origin_node": None,
    "destination_node": None,
}
_CODES = {
    "platform_code": "platform_codes",
    "party_code": "platform_codes",
    "origin_node": "node_codes",
    "destination_node": "node_codes",
    "node_code": "node_codes",
    "transporter_code": "transporter_codes",
}
_WHERE_NONE_IS_NAMED = ("origin_node", "destination_node")


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file: the partner's codes become the tenant's, all else stays."""
    return lambda batch: _mapped(batch, recognition, settings)


def _mapped(batch: Batch, recognition: Recognition, settings: SourceSettings) -> MappedBatch:
    mapped = mapped_as_is(batch, recognition.columns)
    for name, setting in _CODES.items():
        if name not in mapped.columns:
            continue
        codes: Mapping[str, str] = settings[setting]
        fallback: Cell = settings[name] if name in _WHERE_NONE_IS_NAMED else None
        mapped.columns[name] = [
            codes.get(value, value) if value else fallback for value in mapped.columns[name]
        ]
    return mapped
