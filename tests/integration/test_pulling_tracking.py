"""Transporters are asked for what is awaited: in batches, at their pace; answers are loaded like any file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import psycopg
import pytest
from pydantic import SecretStr, ValidationError

from rtv_commands.load import load_files
from rtv_commands.pull_tracking import pull_tracking
from rtv_core.objects.folder import FolderStore
from rtv_core.partner_settings import PullSettings
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 19, tzinfo=UTC)
MARTS = """
create schema if not exists marts;
create table marts.fct_rtvs (tenant_code text, platform_code text, rtv_no text, created_at timestamptz);
create table marts.fct_consignments (
    tenant_code text, transporter_code text, awb_no text, platform_code text, rtv_no text,
    delivered_at timestamptz, handover_at timestamptz, is_lost boolean not null default false);
insert into marts.fct_rtvs values
    ('default', 'P', 'R1', '2026-11-10Z'), ('default', 'P', 'OLD', '2026-01-10Z'),
    ('other', 'P', 'R1', '2026-11-10Z');
insert into marts.fct_consignments (tenant_code, transporter_code, awb_no, platform_code, rtv_no)
    select 'default', 'DELHIVERY', 'DL-' || number, 'P', 'R1' from generate_series(1, 5) as number;
insert into marts.fct_consignments values
    ('default', 'DELHIVERY', 'OLD', 'P', 'OLD', null, null, false),
    ('default', 'DELHIVERY', 'DONE', 'P', 'R1', '2026-11-12Z', null, false),
    ('default', 'DELHIVERY', 'HERE', 'P', 'R1', null, '2026-11-12Z', false),
    ('default', 'DELHIVERY', 'LOST', 'P', 'R1', null, null, true),
    ('default', 'OTHER', 'OT-1', 'P', 'R1', null, null, false),
    ('other', 'DELHIVERY', 'XX-1', 'P', 'R1', null, null, false);
"""


@dataclass(slots=True)
class Carrier:
    """A transporter's tracking on loopback: what it was asked, and what it says before it answers."""

    url: str = ""
    asked: list[list[str]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def _answer(awbs: list[str]) -> bytes:
    def shipment(awb: str) -> dict[str, object]:
        scan = {
            "Scan": "In Transit",
            "ScanDateTime": "2026-11-18T10:00:00",
            "ScanType": "UD",
            "ScannedLocation": "Delhi",
            "Instructions": "On its way",
            "StatusCode": "X-PPOM",
            "StatusDateTime": "2026-11-18T10:00:00",
        }
        return {"Shipment": {"AWB": awb, "Scans": [{"ScanDetail": scan}]}}

    return orjson.dumps({"ShipmentData": [shipment(awb) for awb in awbs]})


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    state = Carrier()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if state.refusals:
                status, headers = state.refusals.pop(0)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()
                return
            awbs = parse_qs(urlsplit(self.path).query)["waybill"][0].split(",")
            state.asked.append(awbs)
            state.keys.append(self.headers.get("Authorization"))
            body = _answer(awbs)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is written to the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/track?waybill={{awbs}}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def dsn(warehouse_dsn: str) -> str:
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        connection.execute(MARTS.encode())
    return warehouse_dsn


def _settings(carrier: Carrier) -> dict[str, PullSettings]:
    return {
        "delhivery": PullSettings(
            transporter_code="DELHIVERY",
            url=carrier.url,
            headers={"Authorization": SecretStr("Token of-the-hub")},
            awbs_a_request=2,
            requests_a_minute=30,
        )
    }


def test_what_is_awaited_is_asked_in_batches_and_loaded_once(
    dsn: str, carrier: Carrier, tmp_path: Path
) -> None:
    store, pauses = FolderStore(tmp_path), list[float]()
    (done,) = pull_tracking(dsn, store, _settings(carrier), now=NOW, pause=pauses.append)
    assert carrier.asked == [["DL-1", "DL-2"], ["DL-3", "DL-4"], ["DL-5"]]
    assert set(carrier.keys) == {"Token of-the-hub"}
    assert (done.awbs, done.requests, len(done.file_ids), done.awbs_left, done.failure) == (5, 3, 3, 0, None)
    assert pauses == [2.0, 2.0]
    load_files(dsn, store, done.file_ids, now=NOW)
    # The next night it answers the same: nothing is done twice.
    (again,) = pull_tracking(dsn, store, _settings(carrier), now=NOW, pause=pauses.append)
    load_files(dsn, store, again.file_ids, now=NOW)
    with connect(dsn) as connection:
        events = fetch_all(connection, "select awb_no, status from raw.transporter_events order by awb_no")
        files = fetch_all(connection, "select way_in, received_by from ops.files")
    assert [event["awb_no"] for event in events] == [f"DL-{number}" for number in range(1, 6)]
    assert {(file["way_in"], file["received_by"]) for file in files} == {("pull", "pull:delhivery")}


def test_one_who_asks_for_patience_is_asked_again_and_one_who_asks_for_much_is_left(
    dsn: str, carrier: Carrier, tmp_path: Path
) -> None:
    store, pauses = FolderStore(tmp_path), list[float]()
    carrier.refusals = [(429, {"Retry-After": "7"})]
    (done,) = pull_tracking(dsn, store, _settings(carrier), now=NOW, pause=pauses.append)
    assert (done.awbs_left, pauses[0]) == (0, 7)
    carrier.refusals = [(429, {"Retry-After": "3600"})]
    (done,) = pull_tracking(dsn, store, _settings(carrier), now=NOW, pause=pauses.append)
    assert (done.awbs_left, done.failure) == (5, None)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "PULL_REFUSED"),
        (503, "PULL_UNREACHABLE"),
        (302, "PULL_ANSWER_INVALID"),
        (404, "PULL_ANSWER_INVALID"),
    ],
)
def test_a_failure_is_said_and_keeps_no_other_waiting(
    dsn: str, carrier: Carrier, tmp_path: Path, status: int, code: str
) -> None:
    carrier.refusals = [(status, {"Location": "http://127.0.0.1:1/elsewhere"})]
    settings = _settings(carrier)
    both = settings | {"second": settings["delhivery"]}
    first, second = pull_tracking(dsn, FolderStore(tmp_path), both, now=NOW, pause=lambda _: None)
    assert first.failure is not None
    assert (first.failure.code, first.awbs_left) == (code, 5)
    assert (second.failure, second.awbs_left) == (None, 0)


def test_a_key_is_never_sent_in_the_clear() -> None:
    for url in ("http://tracking.example.com/{awbs}", "https://tracking.example.com/"):
        with pytest.raises(ValidationError):
            PullSettings(transporter_code="T", url=url)
