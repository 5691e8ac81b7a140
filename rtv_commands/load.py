"""Load files that wait in the inbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ingest.loader import LoadedFile, load
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.inbox_store import pending_file_ids

OnFile = Callable[[LoadedFile], None]


def load_file(dsn: str, store: ObjectStore, file_id: int, *, now: datetime) -> LoadedFile | None:
    """Load one file; None when it does not wait for loading or another process loads it."""
    with connect(dsn, autocommit=True, application_name="rtv-load") as connection:
        return load(connection, store, file_id, now=now)


def load_pending_files(
    dsn: str,
    store: ObjectStore,
    *,
    now: datetime,
    tenant_code: str | None = None,
    on_file: OnFile | None = None,
) -> list[LoadedFile]:
    """Load every file that waits, oldest first; what became of each."""
    loaded: list[LoadedFile] = []
    with connect(dsn, autocommit=True, application_name="rtv-load") as connection:
        for file_id in pending_file_ids(connection, tenant_code):
            outcome = load(connection, store, file_id, now=now)
            if outcome is None:
                continue
            loaded.append(outcome)
            if on_file:
                on_file(outcome)
    return loaded
