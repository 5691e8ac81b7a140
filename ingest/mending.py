"""Turns quarantined rows, as they are or mended, into a file for the inbox."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ingest.contracts.registry import contract
from rtv_core.errors import InvalidInput

MENDS = "_mends"


def mended_file(
    contract_name: str, rows: Sequence[Mapping[str, Any]], changes: Mapping[str, str | None]
) -> tuple[str, io.BytesIO]:
    """A JSON Lines file of the rows with the changes made in each, and its name.

    Each line names the quarantined row it mends, so equal rows stay apart and the file is never a repeat.
    """
    _require_columns(contract_name, changes)
    # A source may not state a required column; the file has it all the same, so that its rows are judged.
    required = {field.name: None for field in contract(contract_name).fields if field.required}
    lines = [
        orjson.dumps({**required, **row["row_content"], **changes, MENDS: str(row["quarantined_row_id"])})
        + b"\n"
        for row in rows
    ]
    first, last = rows[0]["quarantined_row_id"], rows[-1]["quarantined_row_id"]
    return f"{contract_name}_mended_{first}_{last}.jsonl", io.BytesIO(b"".join(lines))


def _require_columns(contract_name: str, changes: Mapping[str, str | None]) -> None:
    known = {field.name for field in contract(contract_name).fields}
    unknown = sorted(set(changes) - known)
    if unknown:
        raise InvalidInput(
            f"{contract_name} has no column {', '.join(unknown)}",
            remedy=f"Its columns are {', '.join(sorted(known))}.",
            code="COLUMN_UNKNOWN",
        )
