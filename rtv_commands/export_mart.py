"""Write a mart to a file: XLSX for people, CSV or Parquet for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rtv_core.errors import InvalidInput
from rtv_core.exports.streams import write_csv, write_parquet
from rtv_core.exports.whole import written_whole
from rtv_core.exports.xlsx import XlsxSheet
from rtv_core.warehouse.marts.export import build_believed_on, mart_columns, stream_mart
from rtv_core.warehouse.marts.reading import reading

FORMATS = ("xlsx", "csv", "parquet")
EXPORT_TIMEOUT_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written."""

    mart: str
    path: Path
    rows: int
    size_bytes: int


def export_mart(
    dsn: str,
    mart: str,
    path: Path,
    *,
    tenant_code: str,
    reporting_timezone: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    believed_on: datetime | None = None,
) -> ExportResult:
    """Write the tenant's rows of a mart to `path`, whole or not at all; the suffix names the format.

    With `believed_on`, the rows are those that readers saw then, before later arrivals restated them.
    """
    file_format = path.suffix.removeprefix(".").lower()
    if file_format not in FORMATS:
        raise InvalidInput(
            f"{path.name} names no format that can be written",
            remedy=f"End the file name in {', '.join(f'.{name}' for name in FORMATS)}.",
            code="FORMAT_UNKNOWN",
        )
    if not path.parent.is_dir():
        raise InvalidInput(
            f"There is no folder {path.parent}", remedy="Create it first.", code="FOLDER_MISSING"
        )
    with (
        written_whole(path) as part,
        reading(dsn, timeout_seconds=EXPORT_TIMEOUT_SECONDS) as connection,
    ):
        columns = mart_columns(connection, mart)
        build_id = build_believed_on(connection, mart, believed_on) if believed_on else None
        batches = stream_mart(connection, mart, columns, tenant_code, filters or {}, build_id=build_id)
        if file_format == "xlsx":
            rows = XlsxSheet(part, mart, columns, ZoneInfo(reporting_timezone)).write(batches)
        elif file_format == "csv":
            rows = write_csv(part, columns, batches)
        else:
            rows = write_parquet(part, columns, batches)
    return ExportResult(mart, path, rows, path.stat().st_size)
