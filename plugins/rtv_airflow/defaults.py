"""What every DAG and task of the hub is given: owner, retries, time limits, concurrency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from rtv_airflow.retry import RETRY_BY_ERROR

MEDIA_QUEUE = "media"
TAG = "rtv"

TASK_DEFAULTS: dict[str, Any] = {
    "owner": "rtv-hub",
    "retries": 3,
    "retry_delay": timedelta(seconds=15),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=60),
    "retry_policy": RETRY_BY_ERROR,
}


def dag_defaults(description: str) -> dict[str, Any]:
    """Arguments of a DAG: one run at a time, no catch-up, in the hub's tag, its sentence as description."""
    return {
        "description": description,
        "doc_md": description,
        "start_date": datetime(2026, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,
        "is_paused_upon_creation": False,
        "default_args": TASK_DEFAULTS,
        "tags": [TAG],
        "dagrun_timeout": timedelta(hours=3),
    }
