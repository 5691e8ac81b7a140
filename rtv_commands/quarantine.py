"""Look into the quarantine: causes, files and rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.contracts.registry import contract
from ingest.inbox import fetch
from rtv_core.errors import NotFound
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.inbox_store import file_by_id
from rtv_core.warehouse.quarantine_store import open_causes, quarantined_files, quarantined_rows


@dataclass(frozen=True, slots=True)
class QuarantineOverview:
    """Open rows by cause, and files that could not be read at all."""

    causes: list[dict[str, Any]]
    files: list[dict[str, Any]]


def list_quarantine(dsn: str, tenant_code: str) -> QuarantineOverview:
    """What is open in a tenant's quarantine, the most frequent cause first."""
    with connect(dsn, application_name="rtv-quarantine") as connection:
        return QuarantineOverview(
            open_causes(connection, tenant_code), quarantined_files(connection, tenant_code)
        )


def show_rows(
    dsn: str,
    tenant_code: str,
    *,
    row_ids: list[int] | None = None,
    error_code: str | None = None,
    contract_name: str | None = None,
    file_id: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Open quarantined rows with everything they hold."""
    with connect(dsn, application_name="rtv-quarantine") as connection:
        return quarantined_rows(
            connection,
            tenant_code,
            row_ids=row_ids,
            error_code=error_code,
            contract_name=contract_name,
            file_id=file_id,
            limit=limit,
        )


def columns_of(contract_name: str) -> list[str]:
    """The columns of a contract in which its rows can be mended, in order."""
    return [field.name for field in contract(contract_name).fields]


def copy_kept_file(dsn: str, store: ObjectStore, file_id: int, folder: Path, *, tenant_code: str) -> Path:
    """A copy of a received file under its own name in `folder`; `NotFound` for one of another tenant."""
    with connect(dsn, application_name="rtv-quarantine") as connection:
        file = file_by_id(connection, file_id)
    if file is None or file["tenant_code"] != tenant_code:
        raise NotFound(
            f"No file {file_id}", remedy="`rtv quarantine list` shows them.", code="FILE_NOT_FOUND"
        )
    target = folder / str(file["file_name"])
    fetch(store, file["object_key"], target)
    return target
