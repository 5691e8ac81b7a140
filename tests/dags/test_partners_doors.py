"""What waits at a partner's door wakes the watcher and is taken by the DAG; a shut door stops nothing."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rtv_core.identity import job
from rtv_core.settings import get_settings
from rtv_core.warehouse.connection import connect, fetch_all
from tests.conftest import free_port
from tests.fixtures.sftp import PASSWORD, USER, SftpTestServer

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
def partner(
    sftp_server: SftpTestServer, warehouse_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An SFTP door that opens, and an S3 door that does not."""
    values = {
        "RTV_WAREHOUSE__DSN": warehouse_dsn,
        "RTV_SFTP_IN__HOST": "127.0.0.1",
        "RTV_SFTP_IN__PORT": str(sftp_server.port),
        "RTV_SFTP_IN__USER": USER,
        "RTV_SFTP_IN__PASSWORD": PASSWORD,
        "RTV_SFTP_IN__KNOWN_HOSTS_FILE": str(sftp_server.write_known_hosts(tmp_path / "known_hosts")),
        "RTV_SFTP_IN__SETTLE_SECONDS": "0.01",
        "RTV_S3_IN__BUCKET": "partners",
        "RTV_S3_IN__ACCESS_KEY": "any",
        "RTV_S3_IN__SECRET_KEY": "any",
        "RTV_S3_IN__ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
        "RTV_INTAKE__POLL_SECONDS": "0.01",
        "RTV_INTAKE__REMOTE_POLL_SECONDS": "0.02",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    return sftp_server.root


def test_the_watcher_wakes_for_a_partners_file(
    partner: Path, dag_bag: DagBag, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rtv_airflow.triggers import WorkWaitingTrigger

    monkeypatch.setattr(WorkWaitingTrigger, "log", logging.getLogger("t"))

    trigger = WorkWaitingTrigger("arrivals")
    (partner / "nodes.csv").write_text("node_code\n")

    async def first_two() -> list[Any]:
        events = trigger.run()
        found = [await anext(events), await anext(events)]
        await events.aclose()
        return [event.payload["waiting"] for event in found]

    with caplog.at_level(logging.WARNING):
        waiting = asyncio.run(first_two())
    assert all(text.startswith("1 at sftp (./nodes.csv; ") for text in waiting)
    assert sum("S3_IN_UNREACHABLE" in line for line in caplog.messages) == 1


def test_the_dag_takes_a_partners_file_beside_a_door_that_stays_shut(
    partner: Path, dag_bag: DagBag, warehouse_dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    from rtv_airflow.run import TaskRun

    (partner / "nodes.csv").write_text("node_code\n")
    settings = get_settings()
    (settings.drop_folder / "default").mkdir(parents=True)
    (settings.drop_folder / "default" / "skus.csv").write_text("sku_code\n")
    run = TaskRun(settings, warehouse_dsn, job("t"), "t", NOW, logging.getLogger("t"))
    receive_files: Any = dag_bag.dags["ingest_files"].task_dict["receive_files"].python_callable
    code = receive_files.__globals__
    real = code["current_run"]
    code["current_run"] = lambda: run
    try:
        batches = receive_files()
    finally:
        code["current_run"] = real
    assert [len(batch) for batch in batches] == [2]
    with connect(warehouse_dsn) as connection:
        ways = fetch_all(connection, "select way_in from ops.files order by 1")
    assert [row["way_in"] for row in ways] == ["drop", "sftp"]
    assert not (partner / "nodes.csv").exists()
    assert any("S3_IN_UNREACHABLE" in line for line in caplog.messages)
