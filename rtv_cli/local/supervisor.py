"""Our own small supervisor: starts processes in order, mends the ones that die, leaves none behind.

State stands in `RTV_HOME/run/supervisor.json`, so that other commands can see and stop it. A child
is told to end when the supervisor itself is killed, so that nothing is ever orphaned.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rtv_core.errors import ServiceUnavailable

log = logging.getLogger(__name__)

STOP_SECONDS = 15.0
MAX_LOG_BYTES = 20 * 1024**2
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One process: how it is started, when it counts as ready, and how long that may take."""

    name: str
    argv: tuple[str, ...]
    is_ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    user: str | None = None
    ready_seconds: float = 90.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = STOP_SECONDS


@dataclass
class _Child:
    spec: ProcessSpec
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    started_at: float = 0.0
    retry_at: float = 0.0


def backoff_seconds(restarts: int) -> float:
    """How long to wait before the next start of what died after `restarts` starts: 0 to 30 s."""
    return min(30.0, 0.5 * 2**restarts) if restarts else 0.0


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs the given processes until told to stop."""

    def __init__(self, home: Path, specs: list[ProcessSpec]) -> None:
        self.home = home
        self.children = [_Child(spec) for spec in specs]
        self.stopping = threading.Event()
        self.state_file = home / "run" / "supervisor.json"
        self.state_file.parent.mkdir(parents=True, exist_ok=True)
        (home / "logs").mkdir(parents=True, exist_ok=True)

    def start_all(self, on_progress: Callable[[str], None] | None = None) -> None:
        """Start every process in order, each when the one before is ready."""
        for child in self.children:
            if self.stopping.is_set():
                return
            self._spawn(child)
            self._wait_ready(child)
            if on_progress:
                on_progress(child.spec.name)

    def start_together(self, names: set[str], on_progress: Callable[[str], None] | None = None) -> None:
        """Start the named processes at once, then wait for each to be ready."""
        chosen = [child for child in self.children if child.spec.name in names]
        for child in chosen:
            self._spawn(child)
        for child in chosen:
            self._wait_ready(child)
            if on_progress:
                on_progress(child.spec.name)

    def watch(self, poll_seconds: float = 0.5) -> None:
        """Mend what dies until `stop` is asked for; backs off up to 30 s for one that keeps dying."""
        while not self.stopping.wait(poll_seconds):
            for child in self.children:
                if child.process is None or child.process.poll() is None:
                    continue
                now = time.monotonic()
                if child.retry_at == 0.0:
                    _kill_group(child.process.pid)
                    if now - child.started_at > 60:
                        child.restarts = 0
                    delay = backoff_seconds(child.restarts)
                    child.retry_at = now + delay
                    log.warning(
                        "%s ended with %s; starts again in %.1f s",
                        child.spec.name,
                        child.process.returncode,
                        delay,
                    )
                if now >= child.retry_at:
                    child.restarts += 1
                    self._spawn(child)

    def stop(self) -> None:
        """Stop every process in reverse order; what does not end in time is killed with all it started."""
        self.stopping.set()
        for child in reversed(self.children):
            if child.process is not None:
                _end(child.process, child.spec)
        self.state_file.unlink(missing_ok=True)

    def _spawn(self, child: _Child) -> None:
        spec = child.spec
        log_file = self.home / "logs" / f"{spec.name}.log"
        if log_file.exists() and log_file.stat().st_size > MAX_LOG_BYTES:
            log_file.replace(log_file.with_suffix(".log.1"))
        with log_file.open("ab") as sink:
            child.process = subprocess.Popen(
                spec.argv,
                env={**os.environ, **spec.environment},
                cwd=spec.folder or self.home,
                user=spec.user,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  the supervisor starts children from one thread only
            )
        child.started_at = time.monotonic()
        child.retry_at = 0.0
        self._write_state()

    def _wait_ready(self, child: _Child) -> None:
        end = time.monotonic() + child.spec.ready_seconds
        while not self.stopping.is_set():
            if child.spec.is_ready():
                return
            assert child.process is not None
            code = child.process.poll()
            if code is not None or time.monotonic() > end:
                tail = (self.home / "logs" / f"{child.spec.name}.log").read_text(errors="replace")[-800:]
                happened = (
                    f"ended with {code}"
                    if code is not None
                    else f"is not ready after {child.spec.ready_seconds:.0f} s"
                )
                raise ServiceUnavailable(
                    f"{child.spec.name} {happened}: {tail.strip()}",
                    remedy=f"Read {self.home / 'logs' / (child.spec.name + '.log')}, then start again.",
                    code="PROCESS_NOT_READY",
                )
            time.sleep(0.2)

    def _write_state(self) -> None:
        state = {
            "pid": os.getpid(),
            "processes": {
                child.spec.name: {"pid": child.process.pid, "restarts": child.restarts}
                for child in self.children
                if child.process is not None
            },
        }
        part = self.state_file.with_suffix(".part")
        part.write_text(json.dumps(state), encoding="utf-8")
        part.replace(self.state_file)


def _end(process: subprocess.Popen[bytes], spec: ProcessSpec) -> None:
    descendants = _descendants(process.pid)
    if process.poll() is None:
        process.send_signal(spec.stop_signal)
        try:
            process.wait(spec.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
    # A process may leave workers of its own behind; they share its fate.
    for left in descendants:
        if left.is_running():
            left.terminate()
    _, alive = psutil.wait_procs(descendants, timeout=3)
    for left in alive:
        left.kill()
    _kill_group(process.pid)


def _kill_group(leader_pid: int) -> None:
    """Kill what a dead process left behind: everything it started shares its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader_pid, signal.SIGKILL)


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def running_supervisor(home: Path) -> psutil.Process | None:
    """The supervisor of this home, when one runs."""
    try:
        state = json.loads((home / "run" / "supervisor.json").read_text(encoding="utf-8"))
        process = psutil.Process(state["pid"])
    except (FileNotFoundError, json.JSONDecodeError, psutil.NoSuchProcess):
        return None
    is_ours = any("rtv" in part for part in process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE
    return process if is_ours else None


def supervised_processes(home: Path) -> dict[str, dict[str, int]]:
    """Name → pid and restarts, as the supervisor last wrote them; empty when none runs."""
    if running_supervisor(home) is None:
        return {}
    state = json.loads((home / "run" / "supervisor.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, int]] = state["processes"]
    return found
