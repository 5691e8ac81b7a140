"""Say how a file is understood: dialect, header, rows, contract, findings. Nothing is loaded."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.judging import judged_batches
from ingest.mapping.recorded import RecordedMapping
from ingest.opening import open_file
from ingest.readers.table import BrokenRow, Document
from ingest.recognition import Part, default_settings, recognise, source_names
from ingest.sources.base import SourceSettings
from ingest.tenant_rules import mappings_for, settings_of
from ingest.validation.judge import JudgedBatch
from rtv_core.errors import InvalidInput, NotFound
from rtv_core.warehouse.connection import connect

MAX_EXAMPLES = 20


@dataclass(slots=True)
class Reading:
    """How one file is understood."""

    file_name: str
    format_name: str
    dialect: dict[str, str]
    tables: list[dict[str, Any]]
    source_name: str | None = None
    contract_name: str | None = None
    reason: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    rows_in: int = 0
    rows_sound: int = 0
    rows_refused: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TenantRules:
    """What a tenant has set that changes how its files are read; empty: what every tenant starts with."""

    mappings: tuple[RecordedMapping, ...] = ()
    source_settings: Mapping[str, SourceSettings] = field(default_factory=dict)

    def settings_of(self, source_name: str) -> SourceSettings:
        """The settings of a source."""
        return self.source_settings.get(source_name) or default_settings(source_name)


def tenant_rules(dsn: str, tenant_code: str, now: datetime) -> TenantRules:
    """What a file of this tenant, received now, would be read by."""
    with connect(dsn, application_name="rtv-read") as connection:
        return TenantRules(
            mappings_for(connection, tenant_code, now, "cli"),
            {name: settings_of(connection, tenant_code, name) for name in source_names()},
        )


def read_file(
    path: Path,
    *,
    source_name: str | None = None,
    to_csv: Path | None = None,
    rules: TenantRules | None = None,
) -> Reading:
    """Read a file as the loader would, without a warehouse. A file that no source knows is described too.

    Raises `InvalidInput` when the bytes cannot be read at all, `NotFound` when there is no such file.
    """
    if not path.is_file():
        raise NotFound(f"{path} is no file", remedy="Check the path.", code="PATH_NOT_FOUND")
    rules = rules or TenantRules()
    document = open_file(path, path.name)
    reading = _described(path, document)
    try:
        found = recognise(path.name, document, source_name, rules.mappings)
    except InvalidInput as error:
        reading.error = error.as_dict()
        _write_tables(document, to_csv)
        return reading
    settings = rules.settings_of(found.source_name)
    for part in found.parts:
        _judge_rows(reading, part, settings, to_csv if len(found.parts) == 1 else _beside(to_csv, part))
    reading.contract_name = " + ".join(found.contract_names)
    reading.findings += [f"sheet {left.sheet_name} is left out" for left in found.left_out]
    reading.findings += [f"{row.fact}" for row in found.unread]
    return reading


def _write_tables(document: Document, to_csv: Path | None) -> None:
    """Rows that no source knows, as understood: the first table in the file named, others beside it."""
    if to_csv is None:
        return
    for number, table in enumerate(document.tables, 1):
        path = to_csv if number == 1 else to_csv.with_name(f"{to_csv.stem}_{number}{to_csv.suffix}")
        with path.open("w", encoding="utf-8", newline="") as stream:
            written = csv.writer(stream)
            if table.header_row_no is not None:
                written.writerow(table.header)
            for batch in table.batches():
                sound = zip(batch.row_nos, map(list, zip(*batch.columns, strict=True)), strict=True)
                rows = [*sound, *((row.row_no, _padded(row, len(table.header))) for row in batch.broken)]
                written.writerows(cells for _, cells in sorted(rows, key=lambda row: row[0]))


def _padded(row: BrokenRow, width: int) -> list[Any]:
    """The cells of a row that does not fit its header, filled up to it."""
    cells = row.content.get("cells")
    found = list(cells) if isinstance(cells, list) else []
    return found + [""] * (width - len(found))


def _beside(to_csv: Path | None, part: Part) -> Path | None:
    """One file a contract, where a document holds several."""
    return to_csv and to_csv.with_name(f"{to_csv.stem}_{part.recognition.contract_name}{to_csv.suffix}")


def _described(path: Path, document: Document) -> Reading:
    tables = [
        {"sheet": table.sheet_name, "header_row": table.header_row_no, "header": list(table.header)}
        for table in document.tables
    ]
    findings = [finding.fact for finding in document.findings]
    return Reading(path.name, document.format_name, document.dialect, tables, findings=findings)


def _judge_rows(reading: Reading, found: Part, settings: SourceSettings, to_csv: Path | None) -> None:
    recognition = found.recognition
    reading.source_name, reading.reason = recognition.source_name, recognition.reason
    reading.columns |= recognition.columns
    reading.findings += recognition.findings
    codes: Counter[str] = Counter(reading.refusals)
    with _rows_written(to_csv) as write:
        for batch, judged in judged_batches(found.table, recognition, settings):
            write(judged)
            reading.rows_in += batch.row_count
            reading.rows_sound += len(judged.row_nos)
            codes.update(row.code for row in judged.rejected)
            reading.examples += [
                {
                    "row": row.row_no,
                    "column": row.column_name,
                    "value": row.bad_value,
                    "code": row.code,
                    "fact": row.fact,
                    "remedy": row.remedy,
                }
                for row in judged.rejected[: MAX_EXAMPLES - len(reading.examples)]
            ]
    reading.refusals = dict(codes.most_common())
    reading.rows_refused = sum(codes.values())


class _Writer:
    """Writes judged rows as canonical CSV."""

    def __init__(self, stream: Any) -> None:
        self._csv = csv.writer(stream) if stream else None
        self._has_header = False

    def __call__(self, judged: JudgedBatch) -> None:
        if self._csv is None:
            return
        if not self._has_header:
            self._csv.writerow(judged.columns)
            self._has_header = True
        self._csv.writerows(zip(*(values.to_pylist() for values in judged.columns.values()), strict=True))


@contextmanager
def _rows_written(to_csv: Path | None) -> Iterator[_Writer]:
    if to_csv is None:
        yield _Writer(None)
        return
    with to_csv.open("w", encoding="utf-8", newline="") as stream:
        yield _Writer(stream)
