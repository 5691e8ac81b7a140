"""The hub's processes on one machine: what each is, in which order they start, what says they are ready."""

from __future__ import annotations

import json
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from rtv_cli.context import embedded_postgres
from rtv_cli.local.airflow import (
    COMPONENTS,
    ROOT,
    airflow_environment,
    component_command,
    migrate_metadata,
    program,
    write_sign_in,
)
from rtv_cli.local.seaweed import (
    SEAWEED_ENVIRONMENT,
    STOP_SECONDS,
    SeaweedPorts,
    seaweed_command,
    seaweed_is_ready,
    write_s3_config,
)
from rtv_cli.local.secrets import ensure_secrets, write_local_file
from rtv_cli.local.supervisor import ProcessSpec
from rtv_core.errors import ServiceUnavailable
from rtv_core.settings import Settings, read_settings

STORAGE = ("postgres", "s3")


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that runs for one home."""

    settings: Settings
    specs: list[ProcessSpec]

    @property
    def names(self) -> list[str]:
        """The processes, in the order they start."""
        return [spec.name for spec in self.specs]


def prepare_home(settings: Settings) -> Settings:
    """Generate the home's secrets and addresses, and read the settings again with them."""
    home = settings.home_folder
    values = ensure_secrets(home) | {
        "RTV_STORE__KIND": "s3",
        "RTV_STORE__ENDPOINT_URL": f"http://127.0.0.1:{settings.store.port}",
        "RTV_OUTBOUND__WEBHOOK_URL": f"http://127.0.0.1:{settings.outbound.receiver_port}/webhooks",
    }
    write_local_file(home, values)
    for folder in (settings.drop_folder / "default", settings.footage_folder, home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    embedded_postgres(settings).initialise()
    ready = read_settings()
    write_sign_in(ready)
    return ready


def build_stack(settings: Settings) -> Stack:
    """The processes of a prepared home."""
    server = embedded_postgres(settings)
    dsn = settings.warehouse.dsn.get_secret_value() if settings.warehouse.dsn else server.dsn()
    settings = settings.model_copy(
        update={"warehouse": settings.warehouse.model_copy(update={"dsn": SecretStr(dsn)})}
    )
    shared = {
        "RTV_HOME": str(settings.home_folder),
        "RTV_WAREHOUSE__DSN": dsn,
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }
    specs = [
        *_storage(settings),
        *_faces(settings, shared),
        *_airflow(settings, shared, server.dsn("airflow")),
    ]
    return Stack(settings, specs)


def prepare_databases(stack: Stack) -> None:
    """Bring the warehouse and Airflow's metadata up to this version; storage must run."""
    from rtv_commands.prepare import prepare_warehouse

    server = embedded_postgres(stack.settings)
    server.wait()
    server.ensure_database("rtv")
    server.ensure_database("airflow")
    prepare_warehouse(stack.settings.warehouse_dsn())
    migrate_metadata(airflow_environment(stack.settings, server.dsn("airflow")))


def _storage(settings: Settings) -> list[ProcessSpec]:
    server = embedded_postgres(settings)
    found: list[ProcessSpec] = []
    if settings.warehouse.dsn is None or "127.0.0.1" in settings.warehouse.dsn.get_secret_value():
        found.append(
            ProcessSpec(
                "postgres",
                tuple(server.command()),
                lambda: _answers(server.wait),
                user=server.user(),
                folder=Path("/"),
                stop_signal=signal.SIGINT,
            )
        )
    found.append(_object_store(settings))
    return found


def _object_store(settings: Settings) -> ProcessSpec:
    access, secret = settings.store.access_key, settings.store.secret_key
    assert access is not None
    assert secret is not None
    folder = settings.home_folder / "s3"
    folder.mkdir(parents=True, exist_ok=True)
    config = write_s3_config(
        settings.home_folder / "keys" / "s3.json",
        access_key=access.get_secret_value(),
        secret_key=secret.get_secret_value(),
    )
    ports = SeaweedPorts.beside(settings.store.port)
    return ProcessSpec(
        "s3",
        tuple(seaweed_command(folder, ports, config)),
        lambda: seaweed_is_ready(ports),
        SEAWEED_ENVIRONMENT,
        stop_seconds=STOP_SECONDS,
    )


def _faces(settings: Settings, shared: dict[str, str]) -> list[ProcessSpec]:
    api = f"http://{settings.api.host}:{settings.api.port}"
    dashboard = f"http://{settings.dashboard.host}:{settings.dashboard.port}"
    journal = settings.home_folder / "received.jsonl"
    port = settings.outbound.receiver_port
    return [
        ProcessSpec(
            "receiver",
            (sys.executable, "-m", "rtv_cli.local.receiver", str(port), str(journal)),
            lambda: _status(f"http://127.0.0.1:{port}/") == 200,
            shared,
            ROOT,
        ),
        ProcessSpec(
            "api",
            (program("rtv"), "api"),
            lambda: _status(f"{api}/readyz") == 200,
            shared,
            ROOT,
        ),
        ProcessSpec(
            "dashboard",
            (
                program("uvicorn"),
                "streamlit_app.app:app",
                "--host",
                settings.dashboard.host,
                "--port",
                str(settings.dashboard.port),
                "--log-level",
                "warning",
            ),
            lambda: _status(f"{dashboard}/healthz") == 200,
            shared,
            ROOT,
        ),
    ]


def _airflow(settings: Settings, shared: dict[str, str], metadata_dsn: str) -> list[ProcessSpec]:
    environment = (
        shared
        | airflow_environment(settings, metadata_dsn)
        | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}",
        }
    )
    health = f"http://{settings.airflow.host}:{settings.airflow.port}/api/v2/monitor/health"
    parts = {
        "airflow-api-server": "metadatabase",
        "airflow-scheduler": "scheduler",
        "airflow-dag-processor": "dag_processor",
        "airflow-triggerer": "triggerer",
    }
    return [
        ProcessSpec(
            name,
            component_command(name, settings),
            _healthy(health, parts[name]),
            environment,
            ROOT,
            ready_seconds=150.0,
        )
        for name in COMPONENTS
    ]


def _healthy(address: str, part: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  a fixed http address of ours
                return bool(json.load(answer)[part]["status"] == "healthy")
        except (OSError, ValueError, KeyError, TypeError):
            return False

    return ask


def _status(address: str) -> int | None:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  a fixed http address of ours
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _answers(wait: Callable[[float], None]) -> bool:
    try:
        wait(1.0)
    except ServiceUnavailable:
        return False
    return True
