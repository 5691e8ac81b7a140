"""Rows stand under the contract's names; what the partner never names is the tenant's to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.sources.codes import NO_CODES, code_mapper

DEFAULT_SETTINGS: Mapping[str, Any] = {
    **NO_CODES,
    "platform_code": "FLIPKART",
    "origin_node": "FLIPKART-FC",
    "destination_node": "HUB",
    "ownership_model": "own_stock",
}


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file."""
    return code_mapper(recognition, settings)
