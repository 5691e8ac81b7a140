"""Rows stand under the contracts' names; parties and places are the tenant's to translate and to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.sources.codes import NO_CODES, code_mapper

DEFAULT_SETTINGS: Mapping[str, Any] = {
    **NO_CODES,
    "ship_from_node": "HUB",
    "ship_to_node": None,
    "node_code": None,
    "platform_code": None,
    "gst_rate": None,
}


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file."""
    return code_mapper(recognition, settings)
