"""Looks at each part of an installation and says what is so and what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import imageio_ffmpeg

from ingest.ways.configured import ways_in
from rtv_cli.context import embedded_postgres
from rtv_cli.local.ports import listens, wanted_ports
from rtv_cli.local.secrets import read_local_file
from rtv_cli.local.supervisor import running_supervisor, supervised_processes
from rtv_core.errors import RtvError
from rtv_core.objects import open_store
from rtv_core.settings import Settings, known_variables
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.health import clock_and_migrations

MIN_FREE_BYTES = 5 * 1024**3
MAX_CLOCK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, note or wrong."""

    state: str
    subject: str
    fact: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """The finding as a dict."""
        return asdict(self)


def diagnose(settings: Settings) -> list[Finding]:
    """Look at everything; one broken part never hides the next."""
    looks: list[Callable[[Settings], Iterator[Finding]]] = [
        _python,
        _folders,
        _partners,
        _ports,
        _warehouse,
        _store,
        _films,
        _airflow,
        _telemetry,
    ]
    found: list[Finding] = []
    for look in looks:
        try:
            found.extend(look(settings))
        except RtvError as error:
            found.append(
                Finding("wrong", look.__name__.strip("_"), f"{error.code}: {error.fact}", error.remedy)
            )
    return found


def explain_settings(settings: Settings) -> list[dict[str, str]]:
    """Every variable with its value, secrets hidden, and where the value comes from."""
    generated = read_local_file(settings.home_folder)
    rows = []
    for name in known_variables():
        source = "environment" if name in os.environ else "local.env" if name in generated else "default"
        if name == "RTV_HOME":
            value: object = settings.home_folder
        else:
            group, field = name.removeprefix("RTV_").lower().split("__")
            value = getattr(getattr(settings, group), field)
        rows.append({"variable": name, "value": "" if value is None else str(value), "source": source})
    return rows


def _python(_settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding("ok" if good else "wrong", "python", version, "" if good else "Use Python 3.11 to 3.13.")


def _folders(settings: Settings) -> Iterator[Finding]:
    home = settings.home_folder
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    enough = free >= MIN_FREE_BYTES
    yield Finding(
        "ok" if enough else "wrong",
        "disk",
        f"{free / 1024**3:.1f} GB free for {home}",
        "" if enough else "Free space, or move RTV_HOME to a larger disk.",
    )
    drop = settings.drop_folder
    writable = os.access(drop, os.W_OK) if drop.exists() else os.access(home, os.W_OK)
    yield Finding(
        "ok" if writable else "wrong",
        "drop folder",
        str(drop),
        "" if writable else "Let this user write there, or set RTV_INTAKE__DROP_FOLDER.",
    )


def _partners(settings: Settings) -> Iterator[Finding]:
    for way in ways_in(settings):
        try:
            with way:
                seen = way.look()
        except RtvError as error:
            yield Finding("wrong", f"{way.name} door", error.fact, error.remedy)
        else:
            said = f"{len(seen.waiting)} waiting, {len(seen.refused)} refused"
            yield Finding("note" if seen.refused else "ok", f"{way.name} door", said)


def _ports(settings: Settings) -> Iterator[Finding]:
    ours = supervised_processes(settings.home_folder)
    for process, (variable, port) in wanted_ports(settings).items():
        busy = listens(port)
        is_own_postgres = process == "postgres" and embedded_postgres(settings).is_running()
        if not busy or ours or is_own_postgres:
            yield Finding("ok", f"port {port}", f"{process}: {'in use by this hub' if busy else 'free'}")
        else:
            yield Finding(
                "wrong",
                f"port {port}",
                f"{process}: another program holds it",
                f"Stop it, or set {variable}.",
            )
    for name, state in ours.items():
        restarted = state["restarts"] > 0
        yield Finding(
            "note" if restarted else "ok",
            name,
            f"process {state['pid']}" + (f", started again {state['restarts']} times" if restarted else ""),
            f"Read {settings.home_folder / 'logs' / (name + '.log')}." if restarted else "",
        )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    if settings.warehouse.dsn is None and not embedded_postgres(settings).is_running():
        yield Finding("note", "warehouse", "The embedded Postgres is not running", "`rtv up` starts it.")
        return
    dsn = (
        settings.warehouse.dsn.get_secret_value()
        if settings.warehouse.dsn
        else embedded_postgres(settings).dsn()
    )
    with connect(dsn, application_name="rtv-doctor") as connection:
        database_now, version, applied = clock_and_migrations(connection)
    drift_seconds = abs((datetime.now(UTC) - database_now).total_seconds())
    yield Finding("ok", "warehouse", f"Postgres {version}, {applied} migrations")
    good = drift_seconds <= MAX_CLOCK_SECONDS
    yield Finding(
        "ok" if good else "wrong",
        "clock",
        f"{drift_seconds:.1f} s between this machine and the warehouse",
        "" if good else "Set both clocks by NTP: evidence depends on them.",
    )


def _store(settings: Settings) -> Iterator[Finding]:
    if settings.store.kind == "s3" and running_supervisor(settings.home_folder) is None:
        port = settings.store.port
        local = settings.store.endpoint_url and settings.store.endpoint_url.endswith(f"127.0.0.1:{port}")
        if local and not listens(port):
            yield Finding("note", "store", "The local S3 server is not running", "`rtv up` starts it.")
            return
    store = open_store(settings)
    key = "doctor/probe"
    store.put_bytes(key, b"rtv doctor")
    store.delete(key)
    yield Finding("ok", "store", f"writes and deletes, for example {store.uri(key)}")


def _films(settings: Settings) -> Iterator[Finding]:
    binary = imageio_ffmpeg.get_ffmpeg_exe()
    shown = subprocess.run(
        [binary, "-version"], capture_output=True, text=True, timeout=20, check=False
    ).stdout
    yield Finding("ok", "ffmpeg", shown.splitlines()[0] if shown else binary)
    count = (
        sum(1 for path in settings.footage_folder.rglob("*") if path.is_file())
        if settings.footage_folder.exists()
        else 0
    )
    yield Finding("ok", "footage", f"{count} files in {settings.footage_folder}")


def _airflow(settings: Settings) -> Iterator[Finding]:
    address = f"http://{settings.airflow.host}:{settings.airflow.port}"
    try:
        health = httpx.get(f"{address}/api/v2/monitor/health", timeout=5).json()
    except (httpx.HTTPError, ValueError):
        yield Finding("note", "airflow", f"No answer at {address}", "`rtv up` starts it; or read its logs.")
        return
    for part in ("metadatabase", "scheduler", "triggerer", "dag_processor"):
        state = (health.get(part) or {}).get("status")
        good = state == "healthy"
        yield Finding(
            "ok" if good else "wrong", f"airflow {part}", str(state), "" if good else "Read its log."
        )


def _telemetry(_settings: Settings) -> Iterator[Finding]:
    config = Path(__file__).resolve().parents[2] / "streamlit_app" / ".streamlit" / "config.toml"
    off = config.exists() and "gatherUsageStats = false" in config.read_text(encoding="utf-8")
    yield Finding(
        "ok" if off else "wrong",
        "telemetry",
        "off" if off else "Streamlit's is on",
        "" if off else f"Restore {config}.",
    )
