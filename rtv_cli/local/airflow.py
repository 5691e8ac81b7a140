"""Airflow's processes: their environment, their commands, and what says they are ready."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from rtv_cli.local.secrets import airflow_secrets
from rtv_core.errors import ServiceUnavailable
from rtv_core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = {
    "airflow-api-server": ("api-server", "--workers", "1"),
    "airflow-scheduler": ("scheduler",),
    "airflow-dag-processor": ("dag-processor",),
    "airflow-triggerer": ("triggerer",),
}


def program(name: str) -> str:
    """A program installed beside this interpreter."""
    return str(Path(sys.executable).parent / name)


def airflow_environment(settings: Settings, metadata_dsn: str) -> dict[str, str]:
    """Everything Airflow's processes read from the environment, for this home."""
    home = settings.home_folder / "airflow"
    home.mkdir(parents=True, exist_ok=True)
    address = f"http://{settings.airflow.host}:{settings.airflow.port}"
    dialect_dsn = metadata_dsn.replace("postgresql://", "postgresql+psycopg2://", 1)
    return {
        **airflow_secrets(settings.home_folder),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(settings.airflow.parallelism),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{settings.dashboard.user}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": dialect_dsn,
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "AIRFLOW__SCHEDULER__ENABLE_TRACEMALLOC": "False",
        "AIRFLOW__LOGGING__JSON_LOGS": "True",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": "0",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "DO_NOT_TRACK": "1",
    }


def write_sign_in(settings: Settings) -> None:
    """Give Airflow's simple sign-in the dashboard's user and password."""
    assert settings.dashboard.password is not None
    path = settings.home_folder / "airflow" / "passwords.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(
        json.dumps({settings.dashboard.user: settings.dashboard.password.get_secret_value()}),
        encoding="utf-8",
    )


def component_command(name: str, settings: Settings) -> tuple[str, ...]:
    """The command of one Airflow component."""
    words = COMPONENTS[name]
    extra: tuple[str, ...] = ()
    if name == "airflow-api-server":
        extra = ("--host", settings.airflow.host, "--port", str(settings.airflow.port))
    return (program("airflow"), *words, *extra)


def migrate_metadata(environment: dict[str, str] | None = None) -> None:
    """Bring Airflow's metadata database up to the installed version.

    `environment` adds to this process's own. Raises `ServiceUnavailable` with Airflow's last words.
    """
    done = subprocess.run(
        [program("airflow"), "db", "migrate"],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        raise ServiceUnavailable(
            f"Airflow's metadata could not be migrated: {done.stdout.strip()[-600:]}",
            remedy="Read the message; `rtv doctor` looks closer.",
            code="AIRFLOW_MIGRATION_FAILED",
        )
