"""Hostile uploads reach nothing: no file elsewhere, no address; memory is bounded, text stays text (R20)."""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from intake_samples import record, write_csv

from ingest.inbox import keep
from ingest.loader import load
from rtv_commands.ingest import ingest_paths
from rtv_core.errors import InvalidInput
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import Connection, connect, fetch_all
from tests.chaos.take_in_malformed import peak_megabytes
from tests.fixtures.hostile import formulas, hostile_files

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
TOKEN, SECRET = "climbed-out", "the-secret-of-this-machine"
MAX_GROWTH_MEGABYTES = 256
_REACHING = ("socket.connect", "socket.getaddrinfo", "socket.bind", "os.system", "os.exec", "os.posix_spawn")
_seen: list[tuple[str, str]] | None = None


def _watch(event: str, told: tuple[Any, ...]) -> None:
    """An audit hook: what is opened for writing, run or connected to, while a watch is on."""
    if _seen is None:
        return
    if event in _REACHING or (event == "subprocess.Popen" and told[1][1:3] != ["-I", "-c"]):
        _seen.append((event, str(told)))
    elif event == "open" and isinstance(told[0], str | bytes) and set(str(told[1] or "")) & set("wax+"):
        _seen.append((event, str(told[0])))


@pytest.fixture(scope="session")
def _hook() -> None:
    sys.addaudithook(_watch)


@contextmanager
def _watched() -> Iterator[list[tuple[str, str]]]:
    global _seen  # noqa: PLW0603  (an audit hook cannot be taken off, only silenced)
    _seen = found = []
    try:
        yield found
    finally:
        _seen = None


@contextmanager
def _listener() -> Iterator[socket.socket]:
    """A server that answers nobody: whoever connects, by whatever library, is in its queue."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        server.setblocking(False)
        yield server


def _take_in(connection: Connection, store: FolderStore, path: Path, file_name: str) -> str:
    try:
        with connection.transaction():
            kept = keep(connection, store, path, file_name=file_name, way_in="cli", actor=job("t"), now=NOW)
    except InvalidInput as error:
        return error.code
    assert kept.file_name == Path(kept.file_name).name
    done = load(connection, store, kept.file_id, now=NOW)
    return (done.error_code or done.file_status) if done else "repeat"


@pytest.mark.usefixtures("_hook")
def test_nothing_hostile_reaches_out_or_gets_out(warehouse_dsn: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    store, path = FolderStore(tmp_path / "inner" / "store"), tmp_path / "file"
    grown: list[str] = []
    fates: dict[str, str] = {}
    with _listener() as server, connect(warehouse_dsn, autocommit=True) as connection:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        uploads = hostile_files(url, str(secret), TOKEN)
        for upload in uploads:
            path.write_bytes(upload.content)
            before = peak_megabytes() and peak_megabytes()
            with _watched() as seen:
                fates[upload.kind] = _take_in(connection, store, path, upload.file_name)
            if (held := peak_megabytes() - before) > MAX_GROWTH_MEGABYTES:
                grown.append(f"{upload.kind}: {held:.0f} MB")
            allowed = (str(tmp_path), f"{tempfile.gettempdir()}/rtv-", "/dev/null")
            reached = [told for told in seen if told[0] != "open" or not told[1].startswith(allowed)]
            reached = [told for told in reached if told != ("open", tempfile.gettempdir())]
            assert not reached, f"{upload.kind}: {reached}"
        with pytest.raises(BlockingIOError):
            server.accept()
        told = str(fetch_all(connection, "select * from ops.files")) + str(
            fetch_all(connection, "select * from ops.quarantined_rows")
        )
        raw = str(fetch_all(connection, "select * from raw.skus"))
    assert len(uploads) == len(fates) > 140
    assert not grown
    assert SECRET not in told + raw
    climbed = [
        *tmp_path.parent.glob(f"*{TOKEN}*"),
        *Path(tempfile.gettempdir()).glob(f"*{TOKEN}*"),
        *Path.cwd().glob(f"*{TOKEN}*"),
        *tmp_path.rglob(f"*{TOKEN}*"),
    ]
    assert not climbed
    bombs = {kind: fate for kind, fate in fates.items() if "bomb" in kind or "far" in kind or "holds" in kind}
    assert bombs
    assert "loaded" not in bombs.values(), bombs


@pytest.mark.usefixtures("_hook")
def test_the_watch_sees_what_it_is_there_for(tmp_path: Path) -> None:
    with _listener() as server, _watched() as seen:
        (tmp_path / "written").write_text("x", encoding="utf-8")
        with socket.socket() as client:
            client.connect(server.getsockname())
    assert [event for event, _ in seen] == ["open", "socket.connect"]
    assert seen[0][1].endswith("written")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_formulas_come_in_as_the_text_they_are(warehouse_dsn: str, tmp_path: Path, ending: str) -> None:
    texts = formulas()
    records = [record("skus", number, title=text) for number, text in enumerate(texts)]
    path = write_csv(tmp_path / "skus_1.csv", records)
    if ending == "xlsx":
        path = _as_workbook(tmp_path / "skus_1.xlsx", records)
    summary = ingest_paths(warehouse_dsn, FolderStore(tmp_path / "store"), [path], actor=job("test"), now=NOW)
    assert (summary.rows_loaded, summary.rows_quarantined) == (len(texts), 0)
    with connect(warehouse_dsn) as connection:
        rows = fetch_all(connection, "select title from raw.skus order by _row_no")
    assert [row["title"] for row in rows] == [text.strip() for text in texts]


def _as_workbook(path: Path, records: list[dict[str, Any]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Data")
        for row_no, row in enumerate([list(records[0]), *(entry.values() for entry in records)]):
            for column, value in enumerate(row):
                sheet.write_string(row_no, column, str(value))
    return path
