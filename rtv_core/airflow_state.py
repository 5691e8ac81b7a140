"""What Airflow's REST API says of the DAGs and their latest runs. Airflow away is a state, not an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from rtv_core.settings import AirflowSettings

TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class DagState:
    """One DAG with its latest runs, newest first."""

    dag_id: str
    description: str | None
    is_paused: bool
    run_id: str | None
    state: str | None
    started_at: datetime | None
    ended_at: datetime | None
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AirflowState:
    """All DAGs; or why Airflow could not be asked."""

    dags: tuple[DagState, ...]
    address: str
    problem: str | None = None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def _token(client: httpx.Client, user: str, password: str) -> str | None:
    answer = client.post("/auth/token", json={"username": user, "password": password})
    return str(answer.json()["access_token"]) if answer.is_success else None


def _dag(dag: dict[str, Any], runs: list[dict[str, Any]]) -> DagState:
    newest: dict[str, Any] = runs[0] if runs else {}
    return DagState(
        dag_id=dag["dag_id"],
        description=dag.get("description"),
        is_paused=bool(dag.get("is_paused")),
        run_id=newest.get("dag_run_id"),
        state=newest.get("state"),
        started_at=_moment(newest.get("start_date")),
        ended_at=_moment(newest.get("end_date")),
        history=tuple(str(run["state"]) for run in runs),
    )


def read_airflow_state(settings: AirflowSettings, *, user: str, password: str) -> AirflowState:
    """Ask Airflow for its DAGs and their last runs; says why when it cannot."""
    address = f"http://{settings.host}:{settings.port}"
    try:
        with httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            token = _token(client, user, password)
            headers = {"authorization": f"Bearer {token}"} if token else {}
            dags = client.get("/api/v2/dags", params={"limit": 100}, headers=headers)
            if not dags.is_success:
                return AirflowState(
                    (), address, f"Airflow answers {dags.status_code} to a question for its DAGs"
                )
            states = []
            for dag in dags.json()["dags"]:
                runs = client.get(
                    f"/api/v2/dags/{dag['dag_id']}/dagRuns",
                    params={"limit": 12, "order_by": "-run_after"},
                    headers=headers,
                )
                states.append(_dag(dag, runs.json()["dag_runs"] if runs.is_success else []))
    except (httpx.HTTPError, ValueError, KeyError) as error:
        return AirflowState((), address, f"Airflow does not answer: {type(error).__name__}")
    return AirflowState(tuple(sorted(states, key=lambda state: state.dag_id)), address)
