"""Rows stand under the contract's names; the tenant says its codes, and what no event names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.sources.codes import NO_CODES, code_mapper

DEFAULT_SETTINGS: Mapping[str, Any] = {**NO_CODES, "transporter_code": None, "destination_node": "HUB"}


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file."""
    return code_mapper(recognition, settings)
