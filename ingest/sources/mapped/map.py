"""Maps rows by a recorded mapping: columns renamed, constants filled in, lines counted where asked."""

from __future__ import annotations

from collections import Counter

from ingest.contracts.registry import contract
from ingest.readers.table import Batch, Cell
from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.validation.judge import MappedBatch, mapped_as_is

_Document = tuple[Cell, ...]


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file, in order: lines are counted across all of them."""
    del settings
    seen: Counter[_Document] = Counter()
    return lambda batch: _mapped(batch, recognition, seen)


def _mapped(batch: Batch, recognition: Recognition, seen: Counter[_Document]) -> MappedBatch:
    mapped = mapped_as_is(batch, recognition.columns)
    count = len(batch.row_nos)
    mapped.columns |= {name: [value] * count for name, value in recognition.constants.items()}
    if recognition.counted:
        numbers = _counted(mapped, recognition, seen)
        mapped.columns |= dict.fromkeys(recognition.counted, numbers)
    return mapped


def _counted(mapped: MappedBatch, recognition: Recognition, seen: Counter[_Document]) -> list[Cell]:
    """The number of each row within its document: the rest of the natural key names the document."""
    key = [
        name for name in contract(recognition.contract_name).natural_key if name not in recognition.counted
    ]
    there = [mapped.columns[name] for name in key if name in mapped.columns]
    numbers: list[Cell] = []
    for position in range(len(mapped.row_nos)):
        document = tuple((values[position] or "").strip() for values in there)
        seen[document] += 1
        numbers.append(str(seen[document]))
    return numbers
