"""Maps rows of a canonical file: columns are renamed where they go by another name, nothing else."""

from __future__ import annotations

from ingest.contracts.registry import contract
from ingest.readers.table import Batch
from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.sources.canonical.recognise import fitted
from ingest.validation.judge import MappedBatch, mapped_as_is


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file; a batch's own header counts, since JSON Lines may vary."""
    del settings
    found = contract(recognition.contract_name)

    def mapped(batch: Batch) -> MappedBatch:
        same = set(batch.header) <= set(recognition.columns)
        return mapped_as_is(batch, recognition.columns if same else fitted(found, batch.header))

    return mapped
