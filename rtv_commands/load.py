"""Load files that wait in the inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.loader import LoadedFile, load
from rtv_core.claims.answers import carry_waiting
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.inbox_store import pending_file_ids

__all__ = ["LoadSummary", "LoadedFile", "load_file", "load_files", "load_pending_files", "plan_loads"]
BATCH_FILES = 50
OnFile = Callable[[LoadedFile], None]


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What became of some files."""

    files: tuple[LoadedFile, ...]

    def counts(self) -> dict[str, int]:
        """Files and rows by what became of them."""
        return {
            "files": len(self.files),
            "files_quarantined": sum(file.file_status == "quarantined" for file in self.files),
            "rows_in": sum(file.rows_in for file in self.files),
            "rows_loaded": sum(file.rows_loaded for file in self.files),
            "rows_superseded": sum(file.rows_superseded for file in self.files),
            "rows_quarantined": sum(file.rows_quarantined for file in self.files),
        }


def load_file(dsn: str, store: ObjectStore, file_id: int, *, now: datetime) -> LoadedFile | None:
    """Load one file; None when it does not wait for loading or another process loads it."""
    with connect(dsn, autocommit=True, application_name="rtv-load") as connection:
        return load(connection, store, file_id, now=now)


def load_files(
    dsn: str,
    store: ObjectStore,
    file_ids: Sequence[int],
    *,
    now: datetime,
    on_file: OnFile | None = None,
) -> LoadSummary:
    """Load these files; those that wait no longer are passed over. Any order, any number at once is safe."""
    loaded: list[LoadedFile] = []
    with connect(dsn, autocommit=True, application_name="rtv-load") as connection:
        for file_id in file_ids:
            outcome = load(connection, store, file_id, now=now)
            if outcome is None:
                continue
            loaded.append(outcome)
            if on_file:
                on_file(outcome)
    with connect(dsn, application_name="rtv-claims") as connection:
        carry_waiting(connection, now=now)
    return LoadSummary(tuple(loaded))


def load_pending_files(
    dsn: str,
    store: ObjectStore,
    *,
    now: datetime,
    tenant_code: str | None = None,
    on_file: OnFile | None = None,
) -> LoadSummary:
    """Load every file that waits, oldest first."""
    return load_files(dsn, store, _pending(dsn, tenant_code), now=now, on_file=on_file)


def plan_loads(dsn: str, *, batch_files: int = BATCH_FILES) -> list[list[int]]:
    """The files that wait, in batches for mapped tasks."""
    waiting = _pending(dsn, None)
    return [waiting[start : start + batch_files] for start in range(0, len(waiting), batch_files)]


def _pending(dsn: str, tenant_code: str | None) -> list[int]:
    with connect(dsn, application_name="rtv-load") as connection:
        return pending_file_ids(connection, tenant_code)
