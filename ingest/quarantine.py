"""Rows that cannot be loaded: kept with their reason, their place and everything they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ingest.readers.table import Table
from ingest.validation.errors import REMEDIES, RejectedRow
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.quarantine_store import copy_quarantined

_MAX_VALUE = 2_000


def keep_rejected(
    connection: Connection,
    file: dict[str, Any],
    contract_name: str,
    rejected: Sequence[RejectedRow],
    *,
    now: datetime,
    sheet_name: str | None = None,
) -> None:
    """Put refused rows of a file in quarantine."""
    if not rejected:
        return
    copy_quarantined(
        connection,
        (
            (
                file["tenant_code"],
                file["file_id"],
                contract_name,
                row.sheet_name or sheet_name,
                row.row_no,
                row.column_name,
                _storable(row.bad_value),
                row.code,
                _storable(row.fact),
                row.remedy,
                {_storable(name): _storable(value) for name, value in row.content.items()},
                now,
            )
            for row in rejected
        ),
    )


def left_out_rows(tables: Sequence[Table]) -> list[RejectedRow]:
    """One entry for each sheet of a workbook that is not loaded, so that none vanishes."""
    return [
        RejectedRow(
            table.header_row_no or 1,
            None,
            None,
            "SHEET_LEFT_OUT",
            f"Sheet {table.sheet_name} is not the one that is loaded from this file",
            REMEDIES["SHEET_LEFT_OUT"],
            {"header": list(table.header)},
            table.sheet_name,
        )
        for table in tables
    ]


def _storable(value: Any) -> Any:
    """The value with NUL, which Postgres cannot hold, made visible."""
    if isinstance(value, str):
        return value.replace("\x00", "\u2400")[: _MAX_VALUE * 10]
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
