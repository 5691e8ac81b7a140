"""Tracking stands under the contract's names already; the tenant says whose movement a leg is.

A carrier calls a brand's return an ordinary shipment, a reverse pickup or a return to origin, as it was
booked. Setting `legs`, for example {"rvp": "rtv"}, says which are returns to the brand; setting `leg` fills
the blank ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.readers.table import Batch
from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.sources.codes import NO_CODES, code_mapper
from ingest.validation.judge import MappedBatch

DEFAULT_SETTINGS: Mapping[str, Any] = {**NO_CODES, "legs": {}, "leg": None, "transporter_code": None}


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file."""
    to_contract, legs = code_mapper(recognition, settings), settings.get("legs") or {}

    def mapped(batch: Batch) -> MappedBatch:
        found = to_contract(batch)
        if legs and "leg" in found.columns:
            found.columns["leg"] = [legs.get(leg, leg) for leg in found.columns["leg"]]
        return found

    return mapped
