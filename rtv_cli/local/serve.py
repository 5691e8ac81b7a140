"""Runs the whole stack of one home in the foreground, and tells others about it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from types import FrameType

import psutil

from rtv_cli.context import embedded_postgres
from rtv_cli.local.airflow import program
from rtv_cli.local.ports import refuse_busy_ports
from rtv_cli.local.stack import STORAGE, build_stack, prepare_databases, prepare_home
from rtv_cli.local.supervisor import Supervisor, running_supervisor
from rtv_core.errors import ConflictError, ServiceUnavailable
from rtv_core.settings import Settings

Progress = Callable[[str], None]


def serve(settings: Settings, on_progress: Progress) -> None:
    """Start every process, mend what dies, until SIGTERM or SIGINT; then stop them all.

    Raises `ConflictError` when this home is already served, `ConfigurationError` for a busy port.
    """
    home = settings.home_folder
    if running_supervisor(home) is not None:
        raise ConflictError(
            f"The hub of {home} already runs",
            remedy="Use it, or stop it with `rtv stop`.",
            code="ALREADY_RUNNING",
        )
    embedded_postgres(settings).stop()
    refuse_busy_ports(settings)
    stack = build_stack(prepare_home(settings))
    supervisor = Supervisor(home, stack.specs)

    def end(_number: int, _frame: FrameType | None) -> None:
        supervisor.stopping.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        supervisor.start_together(set(STORAGE), on_progress)
        if not supervisor.stopping.is_set():
            prepare_databases(stack)
            on_progress("databases")
        supervisor.start_together(set(stack.names) - set(STORAGE), on_progress)
        (home / "run" / "ready").write_text(str(os.getpid()), encoding="utf-8")
        supervisor.watch()
    finally:
        (home / "run" / "ready").unlink(missing_ok=True)
        supervisor.stop()


def launch(settings: Settings) -> subprocess.Popen[bytes] | None:
    """Start `rtv up` detached; None when this home is already served."""
    home = settings.home_folder
    if running_supervisor(home) is not None:
        return None
    (home / "logs").mkdir(parents=True, exist_ok=True)
    (home / "run" / "ready").unlink(missing_ok=True)
    with (home / "logs" / "supervisor.log").open("wb") as sink:
        return subprocess.Popen(
            [program("rtv"), "up", "--quiet"],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "RTV_HOME": str(home)},
        )


def wait_until_ready(
    settings: Settings,
    process: subprocess.Popen[bytes] | None,
    on_progress: Progress,
    *,
    wait_seconds: float = 240,
) -> None:
    """Wait until every process of this home is ready, telling each; else `ServiceUnavailable`."""
    home = settings.home_folder
    log_file = home / "logs" / "supervisor.log"
    end = time.monotonic() + wait_seconds
    seen = 0
    while not (home / "run" / "ready").exists():
        lines = (
            log_file.read_text(encoding="utf-8", errors="replace").splitlines() if log_file.exists() else []
        )
        for line in lines[seen:]:
            if line.startswith("ready: "):
                on_progress(line.removeprefix("ready: "))
        seen = len(lines)
        if (process is not None and process.poll() is not None) or time.monotonic() > end:
            said = " ".join(line for line in lines if not line.startswith("ready: "))[-800:]
            raise ServiceUnavailable(
                f"The hub did not start: {said}",
                remedy=f"Mend what it names, then start again; the logs are in {home / 'logs'}.",
                code="START_FAILED",
            )
        time.sleep(0.2)


def stop_served(settings: Settings, *, wait_seconds: float = 60) -> bool:
    """Stop the hub of this home with all its processes; False when it did not run."""
    process = running_supervisor(settings.home_folder)
    if process is not None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(wait_seconds)
        except psutil.TimeoutExpired:
            for left in [*process.children(recursive=True), process]:
                left.kill()
    # A command may have started the embedded Postgres by itself.
    server = embedded_postgres(settings)
    was_alone = server.is_running()
    server.stop()
    return process is not None or was_alone
