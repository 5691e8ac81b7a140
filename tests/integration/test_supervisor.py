"""The supervisor mends what dies, stops what it started, and leaves nothing behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from rtv_cli.local.supervisor import ProcessSpec, Supervisor, backoff_seconds, running_supervisor
from rtv_core.errors import ServiceUnavailable

SLEEPER = "import time\nwhile True: time.sleep(60)"
FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
time.sleep(600)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('up', flush=True)
time.sleep(600)
"""


def spec(name: str, program: str, **settings: object) -> ProcessSpec:
    return ProcessSpec(name, (sys.executable, "-c", program), lambda: True, **settings)  # type: ignore[arg-type]


def eventually(holds: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    started: list[Supervisor] = []

    def start(*specs: ProcessSpec) -> Supervisor:
        supervisor = Supervisor(tmp_path, list(specs))
        started.append(supervisor)
        supervisor.start_all()
        threading.Thread(target=supervisor.watch, args=(0.02,), daemon=True).start()
        return supervisor

    yield start
    for supervisor in started:
        supervisor.stop()


def pid_of(supervisor: Supervisor, name: str) -> int:
    process = next(child.process for child in supervisor.children if child.spec.name == name)
    assert process is not None
    return process.pid


def test_a_killed_process_is_started_again(run: Callable[..., Supervisor], tmp_path: Path) -> None:
    supervisor = run(spec("one", SLEEPER), spec("two", SLEEPER))
    first, other = pid_of(supervisor, "one"), pid_of(supervisor, "two")
    psutil.Process(first).kill()
    eventually(lambda: pid_of(supervisor, "one") != first)
    assert psutil.pid_exists(pid_of(supervisor, "one"))
    assert pid_of(supervisor, "two") == other
    state = json.loads((tmp_path / "run" / "supervisor.json").read_text())
    assert state["processes"]["one"]["restarts"] == 1


def test_a_process_that_keeps_dying_is_given_more_and_more_time(run: Callable[..., Supervisor]) -> None:
    supervisor = run(spec("dying", "raise SystemExit(3)"))
    child = supervisor.children[0]
    eventually(lambda: child.restarts >= 2)
    assert [backoff_seconds(restarts) for restarts in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]


def test_stopping_leaves_no_process_and_no_grandchild(run: Callable[..., Supervisor], tmp_path: Path) -> None:
    supervisor = run(spec("family", FAMILY), spec("single", SLEEPER))
    parent = psutil.Process(pid_of(supervisor, "family"))
    eventually(lambda: len(parent.children()) == 1)
    everyone = [parent, *parent.children(), psutil.Process(pid_of(supervisor, "single"))]
    supervisor.stop()
    assert not [
        process for process in everyone if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]
    assert not (tmp_path / "run" / "supervisor.json").exists()


def test_what_a_killed_process_leaves_behind_is_killed_too(run: Callable[..., Supervisor]) -> None:
    supervisor = run(spec("family", FAMILY))
    first = psutil.Process(pid_of(supervisor, "family"))
    eventually(lambda: len(first.children()) == 1)
    orphan = first.children()[0]
    first.kill()
    eventually(lambda: pid_of(supervisor, "family") != first.pid)
    eventually(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE)


def test_one_that_ignores_the_signal_is_killed(run: Callable[..., Supervisor], tmp_path: Path) -> None:
    supervisor = run(spec("stubborn", STUBBORN, stop_seconds=0.3))
    process = psutil.Process(pid_of(supervisor, "stubborn"))
    eventually(lambda: "up" in (tmp_path / "logs" / "stubborn.log").read_text())
    supervisor.stop()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_does_not_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    broken = ProcessSpec("broken", (sys.executable, "-c", "raise SystemExit('no such thing')"), lambda: False)
    supervisor = Supervisor(tmp_path, [broken])
    with pytest.raises(ServiceUnavailable) as caught:
        supervisor.start_all()
    assert caught.value.code == "PROCESS_NOT_READY"
    assert "no such thing" in caught.value.fact
    assert "broken.log" in caught.value.remedy


def test_a_killed_supervisor_takes_its_processes_with_it(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from rtv_cli.local.supervisor import ProcessSpec, Supervisor\n"
        f"argv = (sys.executable, '-c', {SLEEPER!r})\n"
        f"s = Supervisor(pathlib.Path({str(tmp_path)!r}), [ProcessSpec('child', argv, lambda: True)])\n"
        "s.start_all()\nprint('ready', flush=True)\ns.watch()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "ready\n"
        found = running_supervisor(tmp_path)
        assert found is not None
        assert found.pid == supervisor.pid
        child = psutil.Process(
            json.loads((tmp_path / "run/supervisor.json").read_text())["processes"]["child"]["pid"]
        )
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait(10)
        eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert running_supervisor(tmp_path) is None
