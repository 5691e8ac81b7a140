"""What every source is made of: it recognises its own files and maps their rows to a contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ingest.readers.table import Batch, Table
from ingest.validation.judge import MappedBatch

SourceSettings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which contract a table's rows map to, why, and by which columns (header to field or role)."""

    source_name: str
    contract_name: str
    reason: str
    columns: Mapping[str, str]
    # False: the file is an excerpt, so it may add lines to a document but never take any away.
    documents_are_whole: bool = True
    unknowable: frozenset[str] = frozenset()
    findings: tuple[str, ...] = field(default=())
    # What a recorded mapping adds: fields with one value for all rows, fields that are counted, its own id.
    constants: Mapping[str, str] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    mapping_id: int | None = None


Mapper = Callable[[Batch], MappedBatch]
"""Maps the batches of one file in order. Pure but for what it remembers of that file."""


class RecogniseModule(Protocol):
    """`recognise.py` of a source: it sees names and headers, never the warehouse."""

    def recognise(self, file_name: str, table: Table) -> Sequence[tuple[Table, Recognition]]:
        """A table of this source as tables of contracts, each recognised; none when it is another's."""


class MapModule(Protocol):
    """`map.py` of a source."""

    def mapper(self, recognition: Recognition, settings: SourceSettings) -> Mapper:
        """What maps the batches of one file under the contract's column names."""
