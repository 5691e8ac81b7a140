"""Interchanges in the inbox: each message's rows in the contract they belong to, every row accounted for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rtv_commands.ingest import ingest_paths
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all
from tests.unit.ingest.edi.test_mapping_messages import X180, X812, X856, X861, x12


def ingested(dsn: str, folder: Path, name: str, text: str) -> dict[str, object]:
    path = folder / name
    path.write_text(text, encoding="ascii")
    ingest_paths(dsn, FolderStore(folder / "store"), [path], actor=job("test"), now=datetime.now(UTC))
    with connect(dsn) as connection:
        query = "select * from ops.files order by file_id desc limit 1"
        return dict(fetch_all(connection, query)[0])


def counted(dsn: str, *names: str) -> list[int]:
    with connect(dsn) as connection:
        queries = [f"select count(*) as n from raw.{name} where _superseded_at is null" for name in names]
        return [int(fetch_all(connection, query)[0]["n"]) for query in queries]


def test_one_interchange_fills_several_contracts_and_adds_up(warehouse_dsn: str, tmp_path: Path) -> None:
    file = ingested(warehouse_dsn, tmp_path, "mega.edi", x12(X180, X812, X861, "ST*997*9~AK1*AN*42~SE*3*9~"))
    assert (file["file_status"], file["source_name"]) == ("loaded", "edi")
    assert file["contract_name"] == "rtv_manifests + debit_notes + credit_notes + goods_receipts"
    assert file["rows_in"] == 2 + 2 + 1 + 2 + 1
    assert (file["rows_loaded"], file["rows_superseded"], file["rows_quarantined"]) == (7, 0, 1)
    names = ("rtv_manifests", "debit_notes", "credit_notes", "goods_receipts")
    assert counted(warehouse_dsn, *names) == [2, 2, 1, 2]
    with connect(warehouse_dsn) as connection:
        (kept,) = fetch_all(
            connection, "select error_code, sheet_name, row_content from ops.quarantined_rows"
        )
    assert (kept["error_code"], kept["sheet_name"]) == ("MESSAGE_NOT_READ", "X12 997 9")
    assert kept["row_content"]["segments"] == [["AK1", ["AN"], ["42"]]]


def test_the_same_messages_again_supersede_and_change_no_count(warehouse_dsn: str, tmp_path: Path) -> None:
    first = ingested(warehouse_dsn, tmp_path, "one.edi", x12(X812, X861))
    second = ingested(warehouse_dsn, tmp_path, "two.edi", x12(X861, X812))
    assert (first["rows_in"], second["rows_in"]) == (5, 5)
    assert counted(warehouse_dsn, "debit_notes", "goods_receipts", "credit_notes") == [2, 2, 1]
    with connect(warehouse_dsn) as connection:
        files = fetch_all(connection, "select * from ops.files order by file_id")
    assert [(file["rows_loaded"], file["rows_superseded"], file["rows_quarantined"]) for file in files] == [
        (5, 0, 0),
        (0, 5, 0),
    ]


def test_cartons_of_a_despatch_advice_stand_on_its_lines(warehouse_dsn: str, tmp_path: Path) -> None:
    file = ingested(warehouse_dsn, tmp_path, "asn.edi", x12(X856))
    assert file["contract_name"] == "documents + rtv_manifests"
    with connect(warehouse_dsn) as connection:
        lines = fetch_all(connection, "select carton_no, unit_value from raw.rtv_manifests")
        (document,) = fetch_all(connection, "select uri, sha256 from raw.documents")
    assert {line["carton_no"] for line in lines} == {"00189012345000000012", "00189012345000000029"}
    assert {line["unit_value"] for line in lines} == {None}
    assert document == {"uri": f"inbox:{file['sha256']}", "sha256": file["sha256"]}


def test_a_return_announced_once_and_sent_twice_stands_with_all_that_was_packed(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    ingested(warehouse_dsn, tmp_path, "announced.edi", x12(X180))
    first = ingested(warehouse_dsn, tmp_path, "first.edi", x12(X856))
    second = ingested(warehouse_dsn, tmp_path, "second.edi", x12(X856.replace("ASN-7", "ASN-8")))
    assert (first["rows_quarantined"], second["rows_quarantined"]) == (0, 0)
    with connect(warehouse_dsn) as connection:
        lines = fetch_all(
            connection,
            "select revision_no, count(*) as n from raw.rtv_manifests"
            " where _superseded_at is null group by revision_no order by 1",
        )
    assert [(line["revision_no"], line["n"]) for line in lines] == [(1, 2), (2, 6)]
