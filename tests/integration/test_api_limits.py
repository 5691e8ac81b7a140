"""Too often, too many at once, too much, too slow: each is told so and breaks nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from rtv_commands.issue_api_key import issue_api_key
from tests.conftest import free_port
from tests.fixtures.bay import ADMIN, HOOK_TOKEN, SIGN_IN, Bay, bay_settings, serving
from tests.fixtures.bay_requests import FILM, TUS, begin, patch


@contextmanager
def limited(dsn: str, home: Path, **api: Any) -> Iterator[Bay]:
    with serving(bay_settings(dsn, home, free_port(), **api)) as bay:
        yield bay


def key_client(bay: Bay, name: str) -> httpx.Client:
    key = issue_api_key(bay.dsn, key_name=name, actor=ADMIN, now=datetime.now(UTC))
    return httpx.Client(base_url=bay.url, timeout=30, headers={"Authorization": f"Bearer {key}"})


def raw(bay: Bay, method: str, path: str, headers: dict[str, str]) -> socket.socket:
    """A request whose body is still to come."""
    line = socket.create_connection(("127.0.0.1", bay.settings.api.port), timeout=30)
    said = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "bay", **headers}.items())
    line.sendall(f"{method} {path} HTTP/1.1\r\n{said}\r\n".encode())
    return line


def answer_of(line: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer, after which the server closes."""
    data = b""
    while more := line.recv(65536):
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_each_key_station_and_hook_has_a_pace_of_its_own(warehouse_dsn: str, tmp_path: Path) -> None:
    limits = {"key_calls_per_minute": 6, "station_calls_per_minute": 12}
    with limited(warehouse_dsn, tmp_path / "bay", **limits) as bay:
        with key_client(bay, "wms") as wms, key_client(bay, "erp") as erp, bay.client() as station:
            asked = [wms.get("/v1/status") for _ in range(4)]
            others = [erp.get("/v1/status"), *(station.get("/v1/status") for _ in range(4))]
        pushed = [
            httpx.post(f"{bay.url}/v1/hooks/shiprocket", json={"n": n}, headers={"x-api-key": HOOK_TOKEN})
            for n in range(4)
        ]
    assert [answer.status_code for answer in asked] == [200, 200, 429, 429]
    assert [answer.status_code for answer in others] == [200, 200, 200, 200, 429]
    assert [answer.status_code for answer in pushed] == [202, 202, 429, 429]
    refused = asked[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "TOO_MANY_CALLS"
    assert 1 <= int(refused.headers["Retry-After"]) <= 10


def test_a_crowd_is_told_to_come_back_and_films_have_room_of_their_own(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    limits = {"requests_at_once": 1, "uploads_at_once": 1, "connections": 1}
    with limited(warehouse_dsn, tmp_path / "bay", **limits) as bay, bay.client() as client:
        where = begin(client)
        headers = {
            **TUS,
            "Authorization": client.headers["Authorization"],
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
            "Content-Length": str(len(FILM)),
        }
        with raw(bay, "PATCH", where, {**headers, "Expect": "100-continue"}) as sending:
            assert b" 100 " in sending.recv(65536)  # it is inside and waits for its bytes
            second = client.head(where, headers=TUS)
            assert [client.get(path).status_code for path in ("/v1/status", "/healthz")] == [200, 200]
            sending.sendall(FILM)
            assert b" 204 " in sending.recv(65536)
    assert (second.status_code, second.headers["Retry-After"]) == (429, "1")


def test_a_body_that_comes_in_pieces_is_bounded_too(warehouse_dsn: str, tmp_path: Path) -> None:
    with limited(warehouse_dsn, tmp_path / "bay", max_body_bytes=1000) as bay:
        with raw(bay, "POST", "/v1/captures", {"Transfer-Encoding": "chunked"}) as line:
            line.sendall(b"3e9\r\n" + b" " * 1001 + b"\r\n")
            status, said = answer_of(line)
        assert (status, said["code"]) == (413, "BODY_TOO_LARGE")


def test_a_body_that_stops_coming_is_given_up(warehouse_dsn: str, tmp_path: Path) -> None:
    with limited(warehouse_dsn, tmp_path / "bay", idle_seconds=0.1, requests_at_once=1) as bay:
        with raw(bay, "POST", "/v1/sessions", {"Content-Length": "100"}) as slow:
            # One that is still talking takes no room from those who have said what they want.
            assert httpx.post(f"{bay.url}/v1/sessions", json=SIGN_IN).status_code == 201
            status, said = answer_of(slow)
        assert (status, said["code"]) == (408, "BODY_TOO_SLOW")


def test_a_phone_that_changed_its_network_does_not_lock_its_own_upload(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    with limited(warehouse_dsn, tmp_path / "bay", idle_seconds=0.1) as bay, bay.client() as client:
        where = begin(client)
        headers = {
            **TUS,
            "Authorization": client.headers["Authorization"],
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
            "Content-Length": str(len(FILM)),
        }
        with raw(bay, "PATCH", where, headers) as gone:
            gone.sendall(FILM[:5000])
            assert b"upload-offset: 5000" in gone.recv(65536).lower()
            assert client.head(where, headers=TUS).headers["Upload-Offset"] == "5000"
            assert patch(client, where, FILM[5000:], 5000).headers["Rtv-Sha256"]


def test_the_api_counts_its_answers_for_who_has_a_key(warehouse_dsn: str, tmp_path: Path) -> None:
    with (
        limited(warehouse_dsn, tmp_path / "bay", station_calls_per_minute=12) as bay,
        bay.client() as station,
    ):
        for number in range(4):
            station.get(f"/v1/records/no-such-{number}.jsonl")
            httpx.get(f"{bay.url}/nowhere/{number}")
        assert httpx.get(f"{bay.url}/metrics").status_code == 401
        assert station.get("/metrics").status_code in {403, 429}
        with key_client(bay, "prometheus") as scraper:
            answer = scraper.get("/metrics")
    figures = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    route = 'method="GET",route="/v1/records/{file_name}"'
    assert answer.headers["content-type"].startswith("text/plain")
    assert float(figures[f'rtv_api_answers_total{{{route},status="404"}}']) == 3
    assert float(figures[f'rtv_api_answers_total{{{route},status="429"}}']) == 1
    assert float(figures['rtv_api_answer_seconds_count{route="/v1/records/{file_name}"}']) == 4
    assert not [name for name in figures if "nowhere" in name]
    assert float(figures["rtv_api_under_way"]) == 1
