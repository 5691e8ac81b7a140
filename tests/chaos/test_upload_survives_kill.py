"""An upload whose server is killed in mid-PATCH goes on where the disk ended, and completes once (R8)."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from rtv_core.objects import open_store
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.api_process import ApiProcess
from tests.fixtures.bay import SIGN_IN, add_operator, bay_settings

SEED = int(os.environ.get("CHAOS_SEED", "7"))
KILLS = int(os.environ.get("UPLOAD_KILLS", "4"))
PER_FILM = 4  # three while its bytes come, one when all have come and it is being kept
FILM_BYTES = 16 * 1024 * 1024
TUS = {"Tus-Resumable": "1.0.0"}
# Counts what the server itself cannot take back: how often an upload became complete.
COUNTER = """
create table public.completions (upload_id text not null);
create function public.count_completion() returns trigger language plpgsql as $$
begin
    insert into public.completions values (new.upload_id);
    return new;
end $$;
create trigger count_completion after update on ops.uploads for each row
when (new.completed_at is not null and new.completed_at is distinct from old.completed_at)
execute function public.count_completion();
"""


@pytest.fixture
def server(warehouse_dsn: str, tmp_path: Path) -> Iterator[ApiProcess]:
    add_operator(warehouse_dsn)
    with connect(warehouse_dsn) as connection:
        connection.execute(COUNTER)
    made = ApiProcess(warehouse_dsn, tmp_path / "bay")
    made.start()
    yield made
    made.kill()


@dataclass
class Upload:
    """One film on its way to a server that dies."""

    server: ApiProcess
    who: dict[str, str]
    film: bytes
    where: str
    digest: str
    offsets: list[int] = field(default_factory=list)
    unanswered: int = 0

    def offset(self) -> int:
        return int(httpx.head(self.where, headers=self.who, timeout=60).headers["Upload-Offset"])

    def send(self, *, kill_at: int | None = None, kill_after_s: float | None = None) -> httpx.Response | None:
        """The rest of the film. The server dies at that byte, or so long after the last one was sent."""
        start = self.offset()
        self.offsets.append(start)
        headers = {
            **self.who,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(start),
            "Content-Length": str(len(self.film) - start),
        }
        killer = threading.Timer(kill_after_s or 0, self.server.kill)

        def pieces() -> Iterator[bytes]:
            step = 64 * 1024
            for at in range(start, len(self.film), step):
                if kill_at is not None and at >= kill_at and self.server.is_running:
                    # What was sent may still wait in the sockets: the kill must hit bytes that were kept.
                    self.server.wait_for_bytes(self.where.rsplit("/", 1)[1], beyond=start)
                    self.server.kill()
                yield self.film[at : at + step]
            if kill_after_s is not None:
                killer.start()

        try:
            answer = httpx.patch(self.where, content=pieces(), headers=headers, timeout=60)
        except httpx.TransportError:
            self.unanswered += 1
            answer = None
        if kill_after_s is not None:
            killer.join()
        return answer


def begin(server: ApiProcess, who: dict[str, str], film: bytes) -> Upload:
    digest = hashlib.sha256(film).hexdigest()
    metadata = f"filetype {b64encode(b'video/webm').decode()},sha256 {b64encode(digest.encode()).decode()}"
    made = httpx.post(
        f"{server.url}/v1/uploads",
        headers={**who, "Upload-Length": str(len(film)), "Upload-Metadata": metadata},
    )
    return Upload(server, who, film, server.url + made.headers["Location"], digest)


def send_through_kills(upload: Upload, dice: random.Random, kills: int) -> None:
    share = len(upload.film) // PER_FILM
    for _ in range(kills - 1):
        upload.send(kill_at=upload.offset() + dice.randrange(share // 2, share))
        upload.server.start()
    upload.send(kill_after_s=dice.uniform(0.0, 0.2))
    upload.server.start()


@pytest.mark.slow
def test_a_killed_server_loses_no_byte_and_completes_once(
    server: ApiProcess, warehouse_dsn: str, tmp_path: Path
) -> None:
    print(f"CHAOS_SEED={SEED} UPLOAD_KILLS={KILLS}")  # noqa: T201 - shown when it fails
    dice = random.Random(SEED)
    token = httpx.post(f"{server.url}/v1/sessions", json=SIGN_IN).json()["token"]
    who = {**TUS, "Authorization": f"Bearer {token}"}
    films = [min(PER_FILM, KILLS - done) for done in range(0, KILLS, PER_FILM)]
    uploads = []
    for kills in films:
        upload = begin(server, who, b"\x1a\x45\xdf\xa3" + dice.randbytes(FILM_BYTES))
        uploads.append(upload)
        send_through_kills(upload, dice, kills)
        last = upload.send()
        assert last is not None
        assert last.status_code == 204, last.text
        assert last.headers["Rtv-Sha256"] == upload.digest
        assert upload.offset() == len(upload.film)
    store = open_store(bay_settings(warehouse_dsn, tmp_path / "bay", 1))
    for upload in uploads:
        kept = store.get_bytes(f"captures/default/{upload.digest[:2]}/{upload.digest}.webm")
        assert hashlib.sha256(kept).hexdigest() == upload.digest
        assert upload.offsets == sorted(upload.offsets)
    assert len(store.list("captures/")) == len(films)
    hit = sum(upload.unanswered for upload in uploads)
    assert hit >= KILLS - len(films), f"only {hit} of {KILLS} kills hit a PATCH"
    with connect(warehouse_dsn) as connection:
        rows = fetch_all(connection, "select sha256 from ops.uploads where completed_at is not null")
        times = fetch_all(connection, "select count(*) as n from public.completions group by upload_id")
    assert sorted(row["sha256"] for row in rows) == sorted(upload.digest for upload in uploads)
    assert [row["n"] for row in times] == [1] * len(films)
