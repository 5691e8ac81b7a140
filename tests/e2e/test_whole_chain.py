"""The demo as its user runs it: one command, every DAG green, resumed, mended, stopped without a trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from rtv_cli.local.supervisor import running_supervisor, supervised_processes
from tests.conftest import free_port

RTV = Path(sys.executable).parent / "rtv"
PORTS = (
    "RTV_WAREHOUSE__PORT",
    "RTV_STORE__PORT",
    "RTV_API__PORT",
    "RTV_DASHBOARD__PORT",
    "RTV_AIRFLOW__PORT",
    "RTV_OUTBOUND__RECEIVER_PORT",
)


class Demo:
    """One home of its own, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("RTV_", "AIRFLOW"))
        }
        self.environment = clean | {"RTV_HOME": str(self.home)} | {name: str(free_port()) for name in PORTS}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(RTV), *words], env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )

    def demo(self) -> dict[str, Any]:
        done = self.run("demo", "--size", "small", "--seed", "11", "--json")
        assert done.returncode == 0, done.stderr[-3000:]
        result: dict[str, Any] = json.loads(done.stdout)
        return result


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo"))
    yield made
    made.run("stop")


@pytest.fixture(scope="module")
def result(demo: Demo) -> dict[str, Any]:
    return demo.demo()


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.timeout(700)
@pytest.mark.xdist_group("whole_chain")
class TestWholeChain:
    """In this order: each step starts where the one before ended."""

    def test_a_world_goes_from_file_to_message_without_a_hand(self, result: dict[str, Any]) -> None:
        totals = result["totals"]
        assert totals["rtvs"] >= 50
        assert totals["units_declared"] > totals["units_received"] > 0
        assert totals["discrepancies"] > 20
        assert totals["clips_cut"] > 0
        assert totals["bundles"] > 0
        assert totals["messages_sent"] > 0
        assert (totals["messages_pending"], totals["messages_parked"]) == (0, 0)
        assert {rule["rule"] for rule in result["discrepancies_by_rule"]} >= {
            "unit_short",
            "damaged",
            "wrong_sku",
        }
        chain = (
            "ingest_files",
            "transform_warehouse",
            "cut_evidence_clips",
            "assemble_claims",
            "send_outbound",
        )
        assert {dag: result["dags"][dag] for dag in chain} == dict.fromkeys(chain, "success")

    def test_the_receiver_verified_what_was_sent(self, demo: Demo, result: dict[str, Any]) -> None:
        received = [json.loads(line) for line in (demo.home / "received.jsonl").read_text().splitlines()]
        assert len({entry["id"] for entry in received}) == len(received) == result["totals"]["messages_sent"]

    def test_running_again_resumes_within_half_a_minute(self, demo: Demo, result: dict[str, Any]) -> None:
        began = time.monotonic()
        again = demo.demo()
        assert time.monotonic() - began < 30
        assert again["totals"] == result["totals"]

    def test_the_doctor_finds_nothing_wrong(self, demo: Demo, result: dict[str, Any]) -> None:
        done = demo.run("doctor", "--json")
        assert [finding for finding in json.loads(done.stdout) if finding["state"] == "wrong"] == []
        assert done.returncode == 0

    def test_killing_any_process_is_mended(self, demo: Demo, result: dict[str, Any]) -> None:
        before = supervised_processes(demo.home)
        assert len(before) == 9
        for name, state in before.items():
            psutil.Process(state["pid"]).kill()
            eventually(
                lambda name=name, old=state["pid"]: supervised_processes(demo.home)[name]["pid"] != old
            )  # type: ignore[misc]
        eventually(lambda: demo.run("doctor", "--json").returncode == 0, seconds=120)

    def test_stopping_leaves_no_process(self, demo: Demo, result: dict[str, Any]) -> None:
        supervisor = running_supervisor(demo.home)
        assert supervisor is not None
        everyone = [supervisor, *supervisor.children(recursive=True)]
        assert demo.run("stop").returncode == 0
        assert [process for process in everyone if process.is_running()] == []
