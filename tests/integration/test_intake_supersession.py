"""What a later row does to an earlier one, contract by contract; and the counts that follow it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from intake_samples import Record, record, write_csv, write_jsonl

from ingest.loader import load
from rtv_commands.ingest import IngestSummary, ingest_paths
from rtv_commands.receive import receive_file
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


class World:
    """One warehouse that files are sent to."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.store = FolderStore(folder / "store")

    def send(self, name: str, records: list[Record]) -> IngestSummary:
        write = write_jsonl if name.endswith(".jsonl") else write_csv
        path = write(self.folder / name, records)
        return ingest_paths(self.dsn, self.store, [path], actor=job("test"), now=NOW)

    def rows(self, query: str) -> list[dict[str, Any]]:
        with connect(self.dsn) as connection:
            return fetch_all(connection, query)

    def counts(self) -> list[tuple[int, int, int, int]]:
        found = self.rows(
            "select rows_in, rows_loaded, rows_superseded, rows_quarantined from ops.files order by file_id"
        )
        return [tuple(row.values()) for row in found]  # type: ignore[misc]

    def require_balance(self) -> None:
        """Counts of files and rows that stand in raw agree, now and after every supersession."""
        for row in self.rows("select * from ops.files where file_status = 'loaded'"):
            name, file_id = row["contract_name"], row["file_id"]
            stand = self.rows(
                f"""select count(*) filter (where _superseded_at is null) as loaded,
                           count(*) filter (where _superseded_at is not null) as superseded
                    from raw.{name} where _file_id = {file_id}"""
            )[0]
            assert (row["rows_loaded"], row["rows_superseded"]) == (stand["loaded"], stand["superseded"])
            assert row["rows_in"] == row["rows_loaded"] + row["rows_superseded"] + row["rows_quarantined"]


@pytest.fixture
def world(warehouse_dsn: str, tmp_path: Path) -> World:
    return World(warehouse_dsn, tmp_path)


def test_a_later_file_supersedes_and_the_earlier_files_count_moves(world: World) -> None:
    world.send("skus_1.csv", [record("skus", 1, title="old"), record("skus", 2)])
    world.send("skus_2.csv", [record("skus", 1, title="new"), record("skus", 2), record("skus", 3)])
    assert world.counts() == [(2, 1, 1, 0), (3, 2, 1, 0)]
    current = world.rows(
        "select sku_code, title, _file_id from raw.skus where _superseded_at is null order by 1"
    )
    assert [(row["title"], row["_file_id"]) for row in current] == [
        ("new", 2),
        ("title-2", 1),
        ("title-3", 2),
    ]
    world.require_balance()


def test_the_last_of_equal_keys_in_one_file_counts(world: World) -> None:
    world.send("skus.csv", [record("skus", 1, title="first"), record("skus", 1, title="last")])
    assert world.counts() == [(2, 1, 1, 0)]
    assert world.rows("select title from raw.skus where _superseded_at is null") == [{"title": "last"}]
    world.require_balance()


def test_a_null_in_a_key_is_a_value_of_its_own(world: World) -> None:
    entries = [record("listings", 1, effective_from=day) for day in (None, "2026-01-01", None)]
    world.send("listings.jsonl", entries)
    assert world.counts() == [(3, 2, 1, 0)]


def test_a_repeated_scan_is_superseded_by_the_first(world: World) -> None:
    world.send("transporter_events_1.csv", [record("transporter_events", 1, remark="first")])
    world.send("transporter_events_2.csv", [record("transporter_events", 1, remark="again")])
    assert world.counts() == [(1, 1, 0, 0), (1, 0, 1, 0)]
    assert world.rows("select remark from raw.transporter_events where _superseded_at is null") == [
        {"remark": "first"}
    ]


def test_a_scan_without_code_is_told_by_its_status(world: World) -> None:
    same = {"raw_code": "", "event_at": "2026-11-01T10:00:00", "place": "X"}
    world.send(
        "transporter_events.csv",
        [record("transporter_events", 1, **same, status=status) for status in ("delivered", "lost", "lost")],
    )
    assert world.counts() == [(3, 2, 1, 0)]


def test_equal_rows_of_a_stock_ledger_are_both_real(world: World) -> None:
    world.send("stock_movements.csv", [record("stock_movements", 1)] * 2)
    assert world.counts() == [(2, 2, 0, 0)]


@pytest.mark.parametrize("order", list(permutations(["09:30", "10:30", "11:30"])))
def test_the_capture_that_ended_last_counts_whatever_came_first(world: World, order: tuple[str, ...]) -> None:
    for number, clock in enumerate(order):
        ended = {"started_at": "2026-11-01T09:00:00Z", "ended_at": f"2026-11-01T{clock}:00Z", "awb_no": clock}
        world.send(f"qc_captures_{number}.jsonl", [record("qc_captures", 1, **ended)])
    assert world.rows("select awb_no from raw.qc_captures where _superseded_at is null") == [
        {"awb_no": "11:30"}
    ]
    world.require_balance()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_files_count_in_the_order_they_came_whatever_the_order_of_loading(
    world: World, order: tuple[int, ...]
) -> None:
    ids = []
    for number in range(3):
        path = write_csv(world.folder / f"skus_{number}.csv", [record("skus", 1, title=f"v{number}")])
        received = receive_file(
            world.dsn, world.store, path, file_name=path.name, way_in="cli", actor=job("test"), now=NOW
        )
        ids.append(received.file_id)
    with connect(world.dsn, autocommit=True) as connection:
        for number in order:
            load(connection, world.store, ids[number], now=NOW)
    assert world.rows("select title from raw.skus where _superseded_at is null") == [{"title": "v2"}]
    world.require_balance()


def _line(number: int, **changes: Any) -> Record:
    fixed = {"platform_code": "P", "rtv_no": "R1", "revision_no": "1", "line_no": str(number)}
    return record("rtv_manifests", number, **(fixed | changes))


def test_the_same_revision_with_the_same_lines_is_superseded(world: World) -> None:
    world.send("rtv_manifests_1.csv", [_line(1), _line(2)])
    world.send("rtv_manifests_2.csv", [_line(2), _line(1)])
    assert world.counts() == [(2, 2, 0, 0), (2, 0, 2, 0)]


@pytest.mark.parametrize(
    "second",
    [[_line(1, qty="9"), _line(2)], [_line(1)], [_line(1), _line(2), _line(3)]],
    ids=["changed", "shorter", "longer"],
)
def test_the_same_revision_with_other_lines_is_quarantined_whole(world: World, second: list[Record]) -> None:
    world.send("rtv_manifests_1.csv", [_line(1), _line(2)])
    other = _line(7, rtv_no="R2")
    world.send("rtv_manifests_2.csv", [*second, other])
    assert world.counts() == [(2, 2, 0, 0), (len(second) + 1, 1, 0, len(second))]
    codes = world.rows(
        "select distinct error_code, row_content ->> 'rtv_no' as rtv_no from ops.quarantined_rows"
    )
    assert codes == [{"error_code": "REVISION_CONFLICT", "rtv_no": "R1"}]
    world.require_balance()


def test_a_new_revision_stands_beside_the_old_and_blank_means_one(world: World) -> None:
    world.send("rtv_manifests_1.csv", [_line(1, revision_no="")])
    world.send("rtv_manifests_2.csv", [_line(1, revision_no="2", qty="5")])
    current = world.rows("select revision_no from raw.rtv_manifests where _superseded_at is null order by 1")
    assert [row["revision_no"] for row in current] == [1, 2]


def test_a_revision_that_contradicts_itself_is_quarantined(world: World) -> None:
    world.send("rtv_manifests.csv", [_line(1), _line(1, qty="9"), _line(2)])
    assert world.counts() == [(3, 0, 0, 3)]


def test_lines_that_were_in_quarantine_complete_their_document(world: World) -> None:
    world.send("rtv_manifests_1.csv", [_line(1), _line(2, qty="none")])
    world.send("rtv_manifests_2.csv", [_line(1), _line(2)])
    assert world.counts() == [(2, 1, 0, 1), (2, 1, 1, 0)]


def test_tenants_never_meet(world: World) -> None:
    path = write_csv(world.folder / "skus.csv", [record("skus", 1)])
    for tenant in ("one", "two"):
        ingest_paths(world.dsn, world.store, [path], actor=job("test", tenant), now=NOW)
    assert world.counts() == [(1, 1, 0, 0)] * 2
    assert world.rows("select count(distinct _key_hash) as keys from raw.skus") == [{"keys": 2}]
