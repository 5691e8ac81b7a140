"""EDI rows stand under the contracts' names already; the tenant's codes go in place of the partners'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.sources.codes import NO_CODES, code_mapper

DEFAULT_SETTINGS: Mapping[str, Any] = {**NO_CODES, "origin_node": None, "destination_node": None}


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file."""
    return code_mapper(recognition, settings)
