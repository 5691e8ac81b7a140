"""An upload whose server is killed in mid-PATCH goes on where the disk ended, and completes once."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from rtv_commands.register_operator import register_operator
from rtv_core.objects import open_store
from rtv_core.warehouse.connection import connect, fetch_all
from tests.conftest import free_port
from tests.fixtures.bay import ADMIN, NODE, OPERATOR, PIN, SIGN_IN, bay_settings

SEED = int(os.environ.get("CHAOS_SEED", "7"))
KILLS = min(int(os.environ.get("CHAOS_KILLS", "4")), 20)  # each takes a share of the film
TUS = {"Tus-Resumable": "1.0.0"}


class Server:
    """`rtv api` as a process of its own, that can be killed and started again."""

    def __init__(self, dsn: str, home: Path) -> None:
        self.port = free_port()
        self.home = home
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "RTV_HOME": str(home),
            "RTV_WAREHOUSE__DSN": dsn,
            "RTV_API__SESSION_SECRET": "s" * 40,
        }

    def start(self) -> None:
        command = [
            sys.executable,
            "-c",
            "from rtv_cli.main import main; main()",
            "api",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(command, env=self.environment)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail("the API did not start")

    def wait_for_bytes(self, beyond: int) -> None:
        until = time.monotonic() + 30
        while sum(path.stat().st_size for path in self.home.rglob("*") if path.is_file()) <= beyond:
            assert time.monotonic() < until, "the server keeps nothing"
            time.sleep(0.005)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)


@pytest.fixture
def server(warehouse_dsn: str, tmp_path: Path) -> Iterator[Server]:
    made = Server(warehouse_dsn, tmp_path / "bay")
    made.start()
    yield made
    made.kill()


@pytest.mark.slow
def test_a_killed_server_loses_no_byte_and_completes_once(
    server: Server, warehouse_dsn: str, tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    film = b"\x1a\x45\xdf\xa3" + dice.randbytes(24 * 1024 * 1024)
    digest = hashlib.sha256(film).hexdigest()
    register_operator(
        warehouse_dsn,
        operator_code=OPERATOR,
        operator_name="A",
        node_code=NODE,
        pin=PIN,
        actor=ADMIN,
        now=datetime.now(UTC),
    )
    token = httpx.post(f"{server.url}/v1/sessions", json=SIGN_IN).json()["token"]
    who = {**TUS, "Authorization": f"Bearer {token}"}
    metadata = f"filetype {b64encode(b'video/webm').decode()},sha256 {b64encode(digest.encode()).decode()}"
    made = httpx.post(
        f"{server.url}/v1/uploads",
        headers={**who, "Upload-Length": str(len(film)), "Upload-Metadata": metadata},
    )
    where = server.url + made.headers["Location"]
    offsets: list[int] = []
    for number in range(KILLS + 1):
        offset = int(httpx.head(where, headers=who).headers["Upload-Offset"])
        offsets.append(offset)
        stop_at = offset + dice.randrange(1 << 18, len(film) // (KILLS + 1)) if number < KILLS else None

        def pieces(start: int = offset, kill_at: int | None = stop_at) -> Iterator[bytes]:
            """The rest of the film; in its midst the server dies."""
            for at in range(start, len(film), 64 * 1024):
                if kill_at is not None and at >= kill_at:
                    # What was sent may still wait in the sockets: the kill must hit bytes that were kept.
                    server.wait_for_bytes(beyond=start)
                    server.kill()
                yield film[at : at + 64 * 1024]

        headers = {
            **who,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Content-Length": str(len(film) - offset),
        }
        if stop_at is None:
            done = httpx.patch(where, content=pieces(), headers=headers, timeout=60)
        else:
            with pytest.raises(httpx.TransportError):
                httpx.patch(where, content=pieces(), headers=headers, timeout=60)
            server.start()
    assert done.headers["Rtv-Sha256"] == digest
    assert offsets == sorted(offsets)
    assert 0 < offsets[-1] < len(film), f"no kill hit the upload (seed {SEED}, offsets {offsets})"
    store = open_store(bay_settings(warehouse_dsn, tmp_path / "bay", 1))
    assert (
        hashlib.sha256(store.get_bytes(f"captures/default/{digest[:2]}/{digest}.webm")).hexdigest() == digest
    )
    with connect(warehouse_dsn) as connection:
        rows = fetch_all(connection, "select sha256, completed_at from ops.uploads")
    assert [row["sha256"] for row in rows] == [digest]
    assert rows[0]["completed_at"] <= datetime.now(UTC)
