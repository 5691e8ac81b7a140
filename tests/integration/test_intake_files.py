"""Files as a whole: kept first, the same bytes once, unreadable ones in quarantine with what to do."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from intake_samples import record, write_csv, write_jsonl

from rtv_commands.ingest import ingest_paths
from rtv_commands.load import load_files, load_pending_files, plan_loads
from rtv_commands.mend import Choice, mend_rows, replay_rows
from rtv_commands.quarantine import list_quarantine, show_rows
from rtv_commands.receive import receive_drop_folder
from rtv_commands.replay import replay_file
from rtv_core.errors import ConflictError, NotFound, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.inbox_store import save_source_settings

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
CLERK = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}))
REPORT = (
    "request-date\torder-id\tshipment-date\tsku\tfnsku\tdisposition\tshipped-quantity\tcarrier\ttracking-number\n"
    "2026-10-01T10:00:00+00:00\tRO1\t2026-10-03T10:00:00+00:00\tA\tX1\tSellable\t2\tBlueDart\tT1\n"
)


def _rows(dsn: str, query: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return fetch_all(connection, query)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def test_the_same_bytes_again_change_nothing_and_say_so(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = write_csv(tmp_path / "skus.csv", [record("skus")])
    first = ingest_paths(warehouse_dsn, store, [path], actor=job("test"), now=NOW)
    again = ingest_paths(
        warehouse_dsn, store, [path.rename(tmp_path / "skus_b.csv")], actor=job("test"), now=NOW
    )
    assert (first.rows_loaded, again.rows_in, again.repeats) == (1, 0, 1)
    assert again.files[0].received.outcome == "the same bytes are here already"
    assert len(_rows(warehouse_dsn, "select * from ops.files")) == 1
    assert [row["file_name"] for row in _rows(warehouse_dsn, "select * from ops.file_repeats")] == [
        "skus_b.csv"
    ]
    sha256 = first.files[0].received.sha256
    assert (tmp_path / "store" / "inbox" / sha256[:2] / sha256).exists()


def test_a_bad_row_names_its_place_and_the_others_load(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    records = [record("skus", 1), record("skus", 2, gtin="8.90123E+12", mrp="x"), record("skus", 3)]
    ingest_paths(
        warehouse_dsn, store, [write_csv(tmp_path / "skus.csv", records)], actor=job("test"), now=NOW
    )
    assert len(_rows(warehouse_dsn, "select * from raw.skus")) == 2
    (row,) = show_rows(warehouse_dsn, "default")
    assert (row["file_name"], row["row_no"], row["column_name"], row["bad_value"], row["error_code"]) == (
        "skus.csv", 3, "gtin", "8.90123E+12", "GTIN_E_NOTATION",
    )  # fmt: skip
    assert "mrp: NUMBER_INVALID" in row["error_fact"]
    assert row["row_content"]["sku_code"] == "sku_code-2"


def test_a_debit_whose_total_is_wrong_is_quarantined(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = write_csv(tmp_path / "debit_notes.csv", [record("debit_notes", total_amount="30.74")])
    ingest_paths(warehouse_dsn, store, [path], actor=job("test"), now=NOW)
    assert show_rows(warehouse_dsn, "default")[0]["error_code"] == "TOTAL_MISMATCH"


def test_a_wrong_item_refuses_its_capture_with_the_path(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    capture = record("qc_captures")
    capture["items"][1]["grade"] = "Z"
    ingest_paths(
        warehouse_dsn,
        store,
        [write_jsonl(tmp_path / "qc_captures.jsonl", [capture])],
        actor=job("test"),
        now=NOW,
    )
    (row,) = show_rows(warehouse_dsn, "default")
    assert (row["column_name"], row["bad_value"], row["error_code"]) == (
        "items[1].grade",
        "Z",
        "VALUE_NOT_ALLOWED",
    )
    assert _rows(warehouse_dsn, "select * from raw.qc_capture_items") == []


def test_unknown_columns_are_kept(warehouse_dsn: str, tmp_path: Path, store: FolderStore) -> None:
    path = write_csv(tmp_path / "skus.csv", [record("skus", colour="red", size="")])
    ingest_paths(warehouse_dsn, store, [path], actor=job("test"), now=NOW)
    assert _rows(warehouse_dsn, "select extra from raw.skus") == [{"extra": {"colour": "red"}}]


def test_odd_texts_in_unknown_columns_are_kept_or_cleaned(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = write_jsonl(tmp_path / "skus.jsonl", [record("skus", note="back\\\\u0000slash", nul="a\x00b")])
    ingest_paths(warehouse_dsn, store, [path], actor=job("test"), now=NOW)
    assert _rows(warehouse_dsn, "select extra from raw.skus") == [
        {"extra": {"note": "back\\\\u0000slash", "nul": "ab"}}
    ]


def test_the_date_order_is_decided_over_the_whole_column(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    days = ["03/04/2026", "25/04/2026", "2026-05-01"]
    records = [record("dispatches", number, invoice_on=day) for number, day in enumerate(days)]
    ingest_paths(
        warehouse_dsn, store, [write_csv(tmp_path / "dispatches.csv", records)], actor=job("test"), now=NOW
    )
    found = _rows(warehouse_dsn, "select invoice_on::text from raw.dispatches order by _row_no")
    assert [row["invoice_on"] for row in found] == ["2026-04-03", "2026-04-25", "2026-05-01"]


def test_an_unreadable_file_is_quarantined_whole_and_a_new_name_opens_it_again(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = tmp_path / "gate_receipts.csv"
    write_csv(path, [record("skus")])
    bad = ingest_paths(warehouse_dsn, store, [path], actor=job("test"), now=NOW)
    assert bad.quarantined_files == 1
    (file,) = list_quarantine(warehouse_dsn, "default").files
    assert file["error_code"] == "COLUMNS_DRIFTED"
    assert "receipt_id" in file["error_fact"]
    good = ingest_paths(
        warehouse_dsn, store, [path.rename(tmp_path / "skus.csv")], actor=job("test"), now=NOW
    )
    assert (good.rows_loaded, good.repeats) == (1, 0)
    assert list_quarantine(warehouse_dsn, "default").files == []


def test_a_header_with_odd_bytes_is_quarantined_with_a_fact_that_can_be_read(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = tmp_path / "skus.csv"
    path.write_bytes(b"qu\x00ux," + b"x" * 5000 + b"\n1,2\n")
    done = ingest_paths(warehouse_dsn, store, [path], actor=job("test"), now=NOW)
    loaded = done.files[0].loaded
    assert loaded is not None
    assert loaded.error_code == "COLUMNS_DRIFTED"
    assert "qu\ufffdux" in (loaded.error_fact or "")
    assert len(loaded.error_fact or "") == 2000


def test_a_quarantined_file_is_replayed_under_another_name(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = write_csv(tmp_path / "gate_receipts.csv", [record("skus")])
    file_id = ingest_paths(warehouse_dsn, store, [path], actor=job("t"), now=NOW).files[0].received.file_id
    loaded = replay_file(warehouse_dsn, store, file_id, actor=CLERK, now=NOW, file_name="skus.csv")
    assert loaded is not None
    assert loaded.rows_loaded == 1
    with pytest.raises(ConflictError):
        replay_file(warehouse_dsn, store, file_id, actor=CLERK, now=NOW)


def test_rows_are_mended_by_a_person_and_come_in_again(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    records = [record("nodes", number, timezone="IST") for number in range(3)]
    ingest_paths(
        warehouse_dsn, store, [write_csv(tmp_path / "nodes.csv", records)], actor=job("test"), now=NOW
    )
    causes = list_quarantine(warehouse_dsn, "default").causes
    assert [(cause["error_code"], cause["row_count"]) for cause in causes] == [("TIMEZONE_UNKNOWN", 3)]
    choice = Choice(error_code="TIMEZONE_UNKNOWN")
    still_wrong = replay_rows(warehouse_dsn, store, choice, actor=CLERK, now=NOW)
    assert (still_wrong.rows, still_wrong.files[0].rows_quarantined) == (3, 3)
    again = replay_rows(warehouse_dsn, store, choice, actor=CLERK, now=NOW)
    assert again.files[0].rows_quarantined == 3
    mended = mend_rows(warehouse_dsn, store, choice, {"timezone": "Asia/Kolkata"}, actor=CLERK, now=NOW)
    assert mended.files[0].rows_loaded == 3
    assert list_quarantine(warehouse_dsn, "default").causes == []
    marks = _rows(warehouse_dsn, "select distinct mended_by, mended_at from ops.quarantined_rows")
    assert marks == [{"mended_by": "asha", "mended_at": NOW}]
    verbs = [
        row["verb"] for row in _rows(warehouse_dsn, "select verb from ops.audit_trail order by audit_id")
    ]
    assert verbs == ["replay_rows", "replay_rows", "mend_rows"]
    with pytest.raises(NotFound):
        mend_rows(warehouse_dsn, store, choice, {}, actor=CLERK, now=NOW)


def test_a_mended_line_joins_its_document(warehouse_dsn: str, tmp_path: Path, store: FolderStore) -> None:
    fixed = {"platform_code": "P", "rtv_no": "R1"}
    lines = [
        record("rtv_manifests", n, **fixed, line_no=str(n), revision_no="1", qty=q)
        for n, q in ((1, "2"), (2, "two"))
    ]
    ingest_paths(
        warehouse_dsn, store, [write_csv(tmp_path / "rtv_manifests.csv", lines)], actor=job("t"), now=NOW
    )
    mended = mend_rows(
        warehouse_dsn, store, Choice(error_code="INTEGER_INVALID"), {"qty": "2"}, actor=CLERK, now=NOW
    )
    assert mended.files[0].rows_loaded == 1
    assert len(_rows(warehouse_dsn, "select * from raw.rtv_manifests where _superseded_at is null")) == 2


def test_only_who_may_mends(warehouse_dsn: str, store: FolderStore) -> None:
    reader = Actor(ActorKind.PERSON, "eve", frozenset({Role.BI_READER}))
    with pytest.raises(NotPermitted):
        mend_rows(warehouse_dsn, store, Choice(row_ids=[1]), {}, actor=reader, now=NOW)


def test_a_drop_folder_is_emptied_only_of_whole_files(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    drop = tmp_path / "drop"
    tenant = drop / "brand-a"
    tenant.mkdir(parents=True)
    write_csv(tenant / "skus.csv", [record("skus")])
    write_csv(tenant / "parties.csv.part", [record("parties")])
    write_csv(tenant / ".hidden.csv", [record("parties")])
    write_csv(drop / "nodes.csv", [record("nodes")])
    (tenant / "link.csv").symlink_to(tenant / "skus.csv")
    (tenant / "folder.csv").mkdir()
    os.mkfifo(tenant / "pipe.csv")
    (drop / "Not A Tenant").mkdir()
    summary = receive_drop_folder(warehouse_dsn, store, drop, actor=job("t"), now=NOW, settle_seconds=0.05)
    assert sorted(file.file_name for file in summary.received) == ["nodes.csv", "skus.csv"]
    assert {refusal.path.name: refusal.reason for refusal in summary.refused} == {
        "link.csv": "it is a symbolic link, not a file",
        "folder.csv": "it is a folder, not a file",
        "pipe.csv": "it is a named pipe, not a file",
        "Not A Tenant": "the folder's name is no tenant code",
    }
    assert sorted(path.name for path in tenant.iterdir()) == [
        ".hidden.csv", "folder.csv", "link.csv", "parties.csv.part", "pipe.csv",
    ]  # fmt: skip
    (batch,) = plan_loads(warehouse_dsn)
    assert load_files(warehouse_dsn, store, batch, now=NOW).counts()["rows_loaded"] == 2
    tenants = _rows(warehouse_dsn, "select file_name, tenant_code, way_in from ops.files order by 1")
    assert [tuple(row.values()) for row in tenants] == [
        ("nodes.csv", "default", "drop"),
        ("skus.csv", "brand-a", "drop"),
    ]
    assert load_pending_files(warehouse_dsn, store, now=NOW).files == ()


def test_an_amazon_report_loads_with_the_tenants_settings_and_overlaps_agree(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    settings = {"destination_node": "HUB-BLR", "transporter_codes": {"BlueDart": "BLUEDART"}}
    with connect(warehouse_dsn) as connection:
        save_source_settings(connection, "amazon", settings, CLERK)
    (tmp_path / "1.txt").write_text(REPORT, encoding="utf-8")
    later = (
        REPORT
        + "2026-10-01T10:00:00+00:00\tRO1\t2026-10-04T10:00:00+00:00\tB\tX2\tDefective\t1\tBlueDart\tT2\n"
    )
    (tmp_path / "2.txt").write_text(later, encoding="utf-8")
    ingest_paths(warehouse_dsn, store, [tmp_path / "1.txt", tmp_path / "2.txt"], actor=job("t"), now=NOW)
    lines = _rows(
        warehouse_dsn, "select * from raw.rtv_manifests where _superseded_at is null order by awb_no"
    )
    assert [(row["rtv_no"], row["awb_no"], row["qty"], row["unit_value"]) for row in lines] == [
        ("RO1", "T1", 2, None),
        ("RO1", "T2", 1, None),
    ]
    assert {(row["platform_code"], row["destination_node"], row["transporter_code"]) for row in lines} == {
        ("AMAZON", "HUB-BLR", "BLUEDART")
    }
    counts = _rows(
        warehouse_dsn, "select rows_in, rows_loaded, rows_superseded from ops.files order by file_id"
    )
    assert [tuple(row.values()) for row in counts] == [(1, 1, 0), (2, 1, 1)]


def test_a_mended_amazon_row_still_needs_no_value(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    (tmp_path / "1.txt").write_text(REPORT.replace("\t2\t", "\ttwo\t"), encoding="utf-8")
    ingest_paths(warehouse_dsn, store, [tmp_path / "1.txt"], actor=CLERK, now=NOW)
    choice = Choice(error_code="INTEGER_INVALID")
    mended = mend_rows(warehouse_dsn, store, choice, {"qty": "2"}, actor=CLERK, now=NOW)
    assert [(file.file_status, file.rows_loaded) for file in mended.files] == [("loaded", 1)]
    (line,) = _rows(warehouse_dsn, "select rtv_no, qty, unit_value from raw.rtv_manifests")
    assert line == {"rtv_no": "RO1", "qty": 2, "unit_value": None}
