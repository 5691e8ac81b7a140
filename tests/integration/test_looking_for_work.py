"""What the watchers see: files in the drop folder, files received, messages due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from rtv_commands.load import load_pending_files
from rtv_commands.look_for_work import describe_arrivals, describe_due_messages
from rtv_commands.receive import receive_file
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse.connection import connect

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    (folder / "default").mkdir(parents=True)
    return folder


def test_nothing_waits_in_an_empty_or_missing_folder(warehouse_dsn: str, drop: Path) -> None:
    assert describe_arrivals(warehouse_dsn, drop) == ""
    assert describe_arrivals(warehouse_dsn, drop / "nowhere") == ""


@pytest.mark.parametrize("place", ["nodes.csv", "default/nodes.csv"])
def test_a_file_at_the_top_or_in_a_tenants_folder_waits(warehouse_dsn: str, drop: Path, place: str) -> None:
    (drop / place).write_text("node_code\n")
    assert describe_arrivals(warehouse_dsn, drop).startswith(f"1 dropped ({place}:10; ")


def test_hidden_unfinished_and_linked_files_do_not_wait(
    warehouse_dsn: str, drop: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("x")
    for folder in (drop, drop / "default"):
        (folder / ".hidden.csv").write_text("x")
        (folder / "growing.csv.part").write_text("x")
        (folder / "link.csv").symlink_to(outside)
        (folder / "dangling.csv").symlink_to(tmp_path / "gone")
    (drop / "default" / "deep").mkdir()
    (drop / "default" / "deep" / "nodes.csv").write_text("x")
    assert describe_arrivals(warehouse_dsn, drop) == ""


def test_the_text_changes_when_other_files_wait(warehouse_dsn: str, drop: Path) -> None:
    for number in range(5):
        (drop / f"{number}.csv").write_text("x")
    first = describe_arrivals(warehouse_dsn, drop)
    assert describe_arrivals(warehouse_dsn, drop) == first
    (drop / "4.csv").rename(drop / "5.csv")
    second = describe_arrivals(warehouse_dsn, drop)
    (drop / "5.csv").write_text("xy")
    assert len({first, second, describe_arrivals(warehouse_dsn, drop)}) == 3


def test_a_file_taken_while_it_is_looked_at_does_not_wait(
    warehouse_dsn: str, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drop / "taken.csv").write_text("x")
    is_file = Path.is_file

    def then_take(path: Path) -> bool:
        found = is_file(path)
        if path.name == "taken.csv":
            path.unlink()
        return found

    monkeypatch.setattr(Path, "is_file", then_take)
    assert describe_arrivals(warehouse_dsn, drop) == ""


def test_a_received_file_waits_until_it_is_loaded(warehouse_dsn: str, drop: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    received = receive_file(
        warehouse_dsn, store, BytesIO(b"nothing known\n1\n"), file_name="odd.csv", way_in="drop",
        actor=job("test"), now=NOW,
    )  # fmt: skip
    waiting = describe_arrivals(warehouse_dsn, drop)
    assert waiting.startswith("0 dropped")
    assert waiting.endswith(f"1 received (newest {received.file_id})")
    load_pending_files(warehouse_dsn, store, now=NOW)
    assert describe_arrivals(warehouse_dsn, drop) == ""


def test_only_messages_that_are_due_wait(warehouse_dsn: str) -> None:
    assert describe_due_messages(warehouse_dsn) == ""
    now = datetime.now(UTC)
    for number, at in enumerate((now - timedelta(hours=1), now + timedelta(hours=1))):
        with connect(warehouse_dsn) as connection:
            enqueue(
                connection, tenant_code="default", topic="claim.approved", channel="webhook",
                subject_key=f"C-{number}", payload={}, now=at,
            )  # fmt: skip
    assert describe_due_messages(warehouse_dsn).startswith("1 due")
    with connect(warehouse_dsn) as connection:
        connection.execute("update ops.outbox set message_status = 'sent', sent_at = now()")
    assert describe_due_messages(warehouse_dsn) == ""
