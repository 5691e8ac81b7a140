"""The demo as its user runs it: one command, every DAG green, resumed, mended, stopped without a trace."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from rtv_cli.local.supervisor import running_supervisor, supervised_processes
from rtv_core.warehouse.connection import connect, fetch_all
from tests.conftest import standing_port

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
        ports = {name: str(standing_port()) for name in PORTS}
        self.environment = clean | {"RTV_HOME": str(self.home)} | ports

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
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="rtv-test-demo-"))
    made = Demo(folder)
    yield made
    made.run("stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def result(demo: Demo) -> dict[str, Any]:
    return demo.demo()


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.2)


def mended_after_kill(home: Path, name: str) -> None:
    """Kill one process of the demo and wait until another stands in its place."""
    killed = supervised_processes(home)[name]["pid"]
    with contextlib.suppress(psutil.NoSuchProcess):  # it may have fallen with one killed before
        psutil.Process(killed).kill()
    eventually(lambda: supervised_processes(home)[name]["pid"] != killed)


@pytest.mark.slow
@pytest.mark.timeout(700)
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

    def test_a_bundle_is_proven_and_a_changed_byte_is_found(
        self, demo: Demo, result: dict[str, Any], tmp_path: Path
    ) -> None:
        listed = json.loads(demo.run("claim", "list", "--json").stdout)["claims"]
        bundled = [claim for claim in listed if claim["bundle_sha256"]]
        assert len(bundled) == result["totals"]["bundles"]
        bundle = tmp_path / "bundle.zip"
        built = demo.run("claim", "build", bundled[0]["claim_no"], "--to", str(bundle), "--json")
        assert json.loads(built.stdout)["sha256"] == bundled[0]["bundle_sha256"], built.stderr
        key = json.loads(demo.run("evidence", "seal", "--key", "--json").stdout)["public_key"]
        assert demo.run("verify", str(bundle), "--trust", key).returncode == 0
        assert demo.run("verify", str(bundle)).returncode == 3
        data = bytearray(bundle.read_bytes())
        data[len(data) // 2] ^= 1
        bundle.write_bytes(data)
        assert demo.run("verify", str(bundle), "--trust", key).returncode == 1

    def test_what_the_bay_sends_reaches_the_marts_by_itself(self, demo: Demo, result: dict[str, Any]) -> None:
        operator = json.loads(demo.run("operator", "list", "--json").stdout)[0]
        with httpx.Client(base_url=result["addresses"]["returns QC app"], timeout=30) as bay:
            station = {
                "node_code": operator["node_code"],
                "bay_code": "BAY-1",
                "station_code": "ST-1",
                "operator_code": result["sign_in"]["operator"],
            }
            session = bay.post(
                "/v1/sessions", json=station | {"pin": result["sign_in"]["pin"]}
            ).raise_for_status()
            now = datetime.now(UTC).isoformat()
            answer = bay.post(
                "/v1/captures",
                headers={
                    "authorization": f"Bearer {session.json()['token']}",
                    "idempotency-key": "chain-test-1",
                },
                json={
                    **station,
                    "capture_id": "CHAIN-TEST-1",
                    "awb_no": "BLIND-AWB-1",
                    "started_at": now,
                    "ended_at": now,
                    "items": [
                        {
                            "item_no": 1,
                            "scanned_code": "4006381333931",
                            "qty": 3,
                            "grade": "A",
                            "seen_at": now,
                        }
                    ],
                },
            )
        assert answer.status_code == 202, answer.text

        def in_marts() -> bool:
            with connect(result["addresses"]["warehouse"]) as connection:
                return bool(
                    fetch_all(
                        connection, "select 1 from marts.fct_captured_items where capture_id = 'CHAIN-TEST-1'"
                    )
                )

        eventually(in_marts, seconds=240)

    def test_running_again_resumes_within_half_a_minute(self, demo: Demo, result: dict[str, Any]) -> None:
        began = time.monotonic()
        again = demo.demo()
        assert time.monotonic() - began < 30
        assert again["totals"]["rtvs"] == result["totals"]["rtvs"]
        assert again["totals"]["bundles"] == result["totals"]["bundles"]

    def test_the_doctor_finds_nothing_wrong(self, demo: Demo, result: dict[str, Any]) -> None:
        done = demo.run("doctor", "--json")
        assert [finding for finding in json.loads(done.stdout) if finding["state"] == "wrong"] == []
        assert done.returncode == 0

    def test_killing_any_process_is_mended(self, demo: Demo, result: dict[str, Any]) -> None:
        names = list(supervised_processes(demo.home))
        assert len(names) == 9
        for name in names:
            mended_after_kill(demo.home, name)
        eventually(lambda: demo.run("doctor", "--json").returncode == 0, seconds=240)

    def test_stopping_leaves_no_process(self, demo: Demo, result: dict[str, Any]) -> None:
        supervisor = running_supervisor(demo.home)
        assert supervisor is not None
        everyone = [supervisor, *supervisor.children(recursive=True)]
        assert demo.run("stop").returncode == 0
        assert [process for process in everyone if process.is_running()] == []
