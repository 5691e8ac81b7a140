"""Say how a file is understood: dialect, header, rows, contract, findings. Nothing is loaded."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.contracts.registry import contract
from ingest.date_orders import DateOrders
from ingest.readers.open import open_document
from ingest.readers.table import Document
from ingest.recognition import Recognised, default_settings, mapper, recognise
from ingest.validation.judge import JudgedBatch, judge
from rtv_core.errors import InvalidInput, NotFound

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


def read_file(path: Path, *, source_name: str | None = None, to_csv: Path | None = None) -> Reading:
    """Read a file as the loader would, without a warehouse. A file that no source knows is described too.

    Raises `InvalidInput` when the bytes cannot be read at all, `NotFound` when there is no such file.
    """
    if not path.is_file():
        raise NotFound(f"{path} is no file", remedy="Check the path.", code="PATH_NOT_FOUND")
    document = open_document(path, path.name)
    reading = _described(path, document)
    try:
        found = recognise(path.name, document, source_name)
    except InvalidInput as error:
        reading.error = error.as_dict()
        return reading
    _judge_rows(reading, found, to_csv)
    return reading


def _described(path: Path, document: Document) -> Reading:
    tables = [
        {"sheet": table.sheet_name, "header_row": table.header_row_no, "header": list(table.header)}
        for table in document.tables
    ]
    findings = [finding.fact for finding in document.findings]
    return Reading(path.name, document.format_name, document.dialect, tables, findings=findings)


def _judge_rows(reading: Reading, found: Recognised, to_csv: Path | None) -> None:
    recognition = found.recognition
    target = contract(recognition.contract_name)
    reading.source_name, reading.contract_name = recognition.source_name, target.name
    reading.reason, reading.columns = recognition.reason, dict(recognition.columns)
    reading.findings += [
        *recognition.findings,
        *(f"sheet {left.sheet_name} is left out" for left in found.left_out),
    ]
    settings = default_settings(recognition.source_name)
    orders = DateOrders(found.table, recognition, settings)
    to_contract = mapper(recognition, settings)
    codes: Counter[str] = Counter()
    with _rows_written(to_csv) as write:
        for batch in found.table.batches():
            judged = judge(target, to_contract(batch), orders.order_of, recognition.unknowable)
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
