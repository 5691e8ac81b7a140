"""A recorded mapping, and how a later header differs from the one it was recorded on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ingest.readers.table import normal_form

# These stand for a column. Counted: rows are numbered within their document, for partners who do not number
# lines. Unknown: the partner does not say it, and the models know what to do without.
COUNTED, UNKNOWN = "@counted", "@unknown"
MARKS = (COUNTED, UNKNOWN)


@dataclass(frozen=True, slots=True)
class RecordedMapping:
    """How files whose name fits `file_pattern` are read: field to column, or to a constant for all rows."""

    mapping_id: int
    mapping_name: str
    contract_name: str
    file_pattern: str
    header: tuple[str, ...]
    columns: Mapping[str, str]
    constants: Mapping[str, str]

    def fits_name(self, file_name: str) -> bool:
        """Whether a file of this name is meant."""
        return fnmatchcase(file_name.casefold(), self.file_pattern.casefold())

    def fits_header(self, header: Iterable[str]) -> bool:
        """Whether these are the recorded columns, in any order and dress."""
        names = list(header)
        wanted = len(self.columns) - len(self.counted) - len(self.unknown)
        return fingerprint(names) == fingerprint(self.header) and len(self.fields_by_column(names)) == wanted

    def fields_by_column(self, header: Iterable[str]) -> dict[str, str]:
        """Column, as this header writes it, to field; by dress only where that is certain."""
        names = list(header)
        found = {column: name for name, column in self.columns.items() if column in names}
        for name, column in self.columns.items():
            if column in MARKS or name in found.values():
                continue
            alike = [
                other for other in names if other not in found and normal_form(other) == normal_form(column)
            ]
            if len(alike) == 1:
                found[alike[0]] = name
        return found

    @property
    def counted(self) -> tuple[str, ...]:
        """The fields that are numbered."""
        return self._marked(COUNTED)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The required fields that the partner does not state."""
        return self._marked(UNKNOWN)

    def _marked(self, mark: str) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if column == mark)


@dataclass(frozen=True, slots=True)
class Drift:
    """Recorded columns that are gone (with the field they stood for, if any), and columns that are new."""

    gone: Mapping[str, str | None]
    new: tuple[str, ...]


def recorded_mapping(row: Mapping[str, Any]) -> RecordedMapping:
    """A mapping from its row in the warehouse."""
    return RecordedMapping(
        row["column_mapping_id"],
        row["mapping_name"],
        row["contract_name"],
        row["file_pattern"],
        tuple(row["header"]),
        row["columns"],
        row["constants"],
    )


def fingerprint(header: Iterable[str]) -> str:
    """SHA-256 of a header's names: order, case, blanks and punctuation do not count."""
    return hashlib.sha256("\n".join(sorted(map(normal_form, header))).encode()).hexdigest()


def drift(mapping: RecordedMapping, header: Iterable[str]) -> Drift:
    """What differs between the recorded header and this one."""
    now = list(header)
    before, after = set(map(normal_form, mapping.header)), set(map(normal_form, now))
    fields = mapping.fields_by_column(mapping.header)
    gone = {column: fields.get(column) for column in mapping.header if normal_form(column) not in after}
    return Drift(gone, tuple(column for column in now if normal_form(column) not in before))
