"""What a task body starts from: settings, warehouse, store, who acts, and the run's id in every log line."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

if TYPE_CHECKING:
    from rtv_core.identity import Actor
    from rtv_core.objects import ObjectStore
    from rtv_core.settings import Settings


@dataclass(frozen=True, slots=True)
class TaskRun:
    """One task's surroundings."""

    settings: Settings
    dsn: str
    actor: Actor
    run_id: str
    now: datetime
    log: logging.Logger

    def open_store(self) -> ObjectStore:
        """The object store of the settings."""
        from rtv_core.objects import open_store

        return open_store(self.settings)


def current_run() -> TaskRun:
    """Read settings and the running task's identity; call it inside a task body only."""
    from rtv_core.identity import job
    from rtv_core.logs import bind_run
    from rtv_core.settings import get_settings

    context = get_current_context()
    run_id = f"{context['dag'].dag_id}/{context['run_id']}"
    settings = get_settings()
    bind_run(run_id)
    return TaskRun(
        settings,
        settings.warehouse_dsn(),
        job(context["dag"].dag_id),
        run_id,
        datetime.now(UTC),
        logging.getLogger(context["dag"].dag_id),
    )
