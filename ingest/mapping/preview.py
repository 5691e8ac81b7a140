"""Shows what a mapping makes of the user's own rows: all are judged, some are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.judging import judged_batches
from ingest.mapping.draft import Draft
from ingest.mapping.recorded import RecordedMapping
from ingest.sources.mapped.recognise import recognition
from ingest.validation.judge import JudgedBatch

_SHOWN = 5


@dataclass(slots=True)
class Preview:
    """How many rows would load, the first of them as they would be, and the first that would not."""

    rows_in: int = 0
    rows_sound: int = 0
    rows_refused: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


def preview(draft: Draft, mapping: RecordedMapping) -> Preview:
    """Judge the draft's table as loading would; what is still missing is not held against its rows."""
    found = recognition(mapping, draft.table.header)
    found = replace(found, unknowable=found.unknowable | set(draft.missing))
    seen, codes = Preview(), Counter[str]()
    for batch, judged in judged_batches(draft.table, found, {}):
        seen.rows_in += batch.row_count
        seen.rows_sound += len(judged.row_nos)
        codes.update(row.code for row in judged.rejected)
        seen.rows += _first_rows(judged, _SHOWN - len(seen.rows))
        seen.refused += [
            {
                "row": row.row_no,
                "column": row.column_name,
                "value": row.bad_value,
                "code": row.code,
                "fact": row.fact,
                "remedy": row.remedy,
            }
            for row in judged.rejected[: _SHOWN - len(seen.refused)]
        ]
    seen.refusals, seen.rows_refused = dict(codes.most_common()), codes.total()
    return seen


def _first_rows(judged: JudgedBatch, count: int) -> list[dict[str, Any]]:
    values = {name: column.slice(0, count).to_pylist() for name, column in judged.columns.items()}
    filled = {name: cells for name, cells in values.items() if any(cell is not None for cell in cells)}
    row_nos = judged.row_nos.slice(0, count).to_pylist()
    return [
        {"row": row_no} | {name: cells[position] for name, cells in filled.items()}
        for position, row_no in enumerate(row_nos)
    ]
