"""A partner's unknown file: refused with what to do, mapped, replayed, loaded; its drift named and mended."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from intake_samples import record, write_csv
from typer.testing import CliRunner

from rtv_cli.commands import ingest, quarantine, read
from rtv_cli.commands import map as map_command
from rtv_commands.ingest import ingest_paths
from rtv_commands.map_columns import MappingDraft, MappingRequest, draft_mapping, list_mappings, save_mapping
from rtv_commands.mend import Choice, mend_rows, replay_rows
from rtv_commands.quarantine import list_quarantine
from rtv_commands.replay import replay_file
from rtv_core.errors import InvalidInput, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.objects.folder import FolderStore
from rtv_core.settings import get_settings
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.inbox_store import save_source_settings
from rtv_core.warehouse.mapping_store import mappings_on

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
CLERK = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPS}))
HEADER = "Ret Doc No,Return Date,From Warehouse,FSN,AWB No,Qty,Cost Price,Buyer\n"
ROWS = (
    'RD1,21-11-2026,DEL-DS-7,ACC1,7781,2,"1,200.00",Asha\n'
    "RD1,21-11-2026,DEL-DS-7,ACC2,7781,3,99,Asha\n"
    "RD2,22-11-2026,BLR-DS-2,ACC1,7790,{qty},45.5,Ravi\n"
)
CONSTANTS = {"platform_code": "BLINKIT", "destination_node": "HUB-BLR"}
REQUEST = MappingRequest("rtv_manifests", "blinkit-rtv", "blinkit_*.csv", {"line_no": "@counted"}, CONSTANTS)
RUNNER = CliRunner()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def _rows(dsn: str, query: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return fetch_all(connection, query)


def _file(folder: Path, name: str, header: str = HEADER, rows: str = ROWS, qty: str = "1") -> Path:
    path = folder / name
    path.write_text(header + rows.format(qty=qty), encoding="utf-8")
    return path


def _drafted(dsn: str, path: Path, request: MappingRequest = REQUEST) -> MappingDraft:
    return draft_mapping(dsn, path, request, tenant_code="default")


def _save(dsn: str, path: Path, request: MappingRequest = REQUEST, **period: Any) -> None:
    save_mapping(dsn, _drafted(dsn, path, request), actor=CLERK, now=NOW, **period)


def test_an_unknown_file_is_refused_mapped_replayed_and_loaded(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = _file(tmp_path, "blinkit_1.csv")
    before = NOW - timedelta(days=3)
    refused = ingest_paths(warehouse_dsn, store, [path], actor=CLERK, now=before)
    (waiting,) = list_quarantine(warehouse_dsn, "default").files
    assert waiting["error_code"] == "CONTRACT_UNKNOWN"
    assert "rtv map" in waiting["error_remedy"]

    found = _drafted(warehouse_dsn, path)
    assert found.draft.missing == ()
    assert found.draft.unused == ("Buyer",)
    assert (found.preview.rows_in, found.preview.rows_sound) == (3, 3)
    assert found.preview.rows[1]["line_no"] == "2"
    assert found.preview.rows[0]["created_at"] == "2026-11-21T00:00:00"
    saved = save_mapping(warehouse_dsn, found, actor=CLERK, now=NOW)
    assert saved.effective_from == before.date()
    assert [row["file_id"] for row in saved.waiting_files] == [waiting["file_id"]]

    file_id = refused.files[0].received.file_id
    loaded = replay_file(warehouse_dsn, store, file_id, actor=CLERK, now=NOW)
    assert loaded is not None
    assert (loaded.source_name, loaded.contract_name, loaded.rows_loaded) == ("mapped", "rtv_manifests", 3)
    lines = _rows(warehouse_dsn, "select * from raw.rtv_manifests order by _row_no")
    assert [(row["rtv_no"], row["line_no"], row["platform_sku"], row["qty"]) for row in lines] == [
        ("RD1", "1", "ACC1", 2),
        ("RD1", "2", "ACC2", 3),
        ("RD2", "1", "ACC1", 1),
    ]
    assert {(row["platform_code"], row["destination_node"]) for row in lines} == {("BLINKIT", "HUB-BLR")}
    assert lines[0]["extra"] == {"Buyer": "Asha"}
    assert float(lines[0]["unit_value"]) == 1200
    assert list_quarantine(warehouse_dsn, "default").files == []
    (listed,) = list_mappings(warehouse_dsn, "default")
    assert (listed["saved_by"], listed["file_count"]) == ("asha", 1)
    trail = _rows(warehouse_dsn, "select actor_name, verb from ops.audit_trail order by audit_id")
    assert [tuple(row.values()) for row in trail] == [("asha", "save_mapping"), ("asha", "replay_file")]


def test_the_next_file_loads_by_itself_and_a_bad_row_can_be_mended(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    _save(warehouse_dsn, _file(tmp_path, "blinkit_1.csv"))
    second = _file(tmp_path, "blinkit_2.csv", qty="many")
    done = ingest_paths(warehouse_dsn, store, [second], actor=CLERK, now=NOW)
    assert (done.rows_loaded, done.rows_quarantined) == (2, 1)
    mended = mend_rows(
        warehouse_dsn, store, Choice(error_code="INTEGER_INVALID"), {"qty": "4"}, actor=CLERK, now=NOW
    )
    assert [file.rows_loaded for file in mended.files] == [1]
    (line,) = _rows(warehouse_dsn, "select * from raw.rtv_manifests where rtv_no = 'RD2'")
    assert (line["platform_code"], line["line_no"], line["qty"]) == ("BLINKIT", "1", 4)


def test_rows_the_hub_sends_in_again_are_never_taken_for_a_partners(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    first = _file(tmp_path, "rtv_manifests_metro_1.csv")
    _save(warehouse_dsn, first, replace(REQUEST, file_pattern="rtv_manifests_m*"))
    second = _file(tmp_path, "rtv_manifests_metro_2.csv", qty="many")
    assert ingest_paths(warehouse_dsn, store, [second], actor=CLERK, now=NOW).rows_quarantined == 1
    mended = mend_rows(
        warehouse_dsn, store, Choice(error_code="INTEGER_INVALID"), {"qty": "4"}, actor=CLERK, now=NOW
    )
    assert [(file.source_name, file.rows_loaded) for file in mended.files] == [("canonical", 1)]


def test_a_value_the_partner_does_not_state_lands_as_unknown(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    header, rows = HEADER.replace(",Cost Price", ""), "RD1,21-11-2026,DEL-DS-7,ACC1,7781,2,Asha\n"
    path = _file(tmp_path, "blinkit_1.csv", header, rows)
    offered = {entry.field_name: entry.column for entry in _drafted(warehouse_dsn, path).draft.suggestions}
    assert offered["unit_value"] == "@unknown"
    _save(warehouse_dsn, path, replace(REQUEST, chosen={"line_no": "@counted", "unit_value": "@unknown"}))
    assert ingest_paths(warehouse_dsn, store, [path], actor=CLERK, now=NOW).rows_loaded == 1
    (line,) = _rows(warehouse_dsn, "select unit_value, qty from raw.rtv_manifests")
    assert line == {"unit_value": None, "qty": 2}

    second = _file(tmp_path, "blinkit_2.csv", header, rows.replace("RD1", "RD9").replace(",2,", ",many,"))
    assert ingest_paths(warehouse_dsn, store, [second], actor=CLERK, now=NOW).rows_quarantined == 1
    choice = Choice(contract_name="rtv_manifests")
    outcomes = [
        mend_rows(warehouse_dsn, store, choice, {"qty": qty}, actor=CLERK, now=NOW).files[0].rows_loaded
        for qty in ("still many", "4")
    ]
    assert outcomes == [0, 1]
    (line,) = _rows(warehouse_dsn, "select unit_value, qty from raw.rtv_manifests where rtv_no = 'RD9'")
    assert line == {"unit_value": None, "qty": 4}


def test_a_canonical_row_without_its_value_stays_refused_however_often_it_is_sent(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = write_csv(tmp_path / "rtv_manifests_1.csv", [record("rtv_manifests", unit_value="")])
    assert ingest_paths(warehouse_dsn, store, [path], actor=CLERK, now=NOW).rows_quarantined == 1
    again = replay_rows(warehouse_dsn, store, Choice(error_code="REQUIRED_MISSING"), actor=CLERK, now=NOW)
    assert [(file.rows_loaded, file.rows_quarantined) for file in again.files] == [(0, 1)]


def test_a_drifted_file_is_refused_with_the_drift_mapped_again_and_replayed(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    _save(warehouse_dsn, _file(tmp_path, "blinkit_1.csv"))
    header = HEADER.replace("AWB No", "Tracking ID").replace("Buyer", "Buyer,Zone")
    drifted = _file(
        tmp_path, "blinkit_2.csv", header, ROWS.replace("Asha\n", "Asha,N\n").replace("Ravi\n", "Ravi,S\n")
    )
    done = ingest_paths(warehouse_dsn, store, [drifted], actor=CLERK, now=NOW + timedelta(days=1))
    (waiting,) = list_quarantine(warehouse_dsn, "default").files
    assert waiting["error_code"] == "MAPPING_DRIFT"
    for told in (
        "AWB No (awb_no) is gone", "Tracking ID is new", "Zone is new", "Tracking ID may now be awb_no",
    ):  # fmt: skip
        assert told in waiting["error_fact"]
    assert "rtv map FILE --save blinkit-rtv" in waiting["error_remedy"]
    assert _rows(warehouse_dsn, "select * from raw.rtv_manifests") == []

    # The name alone is enough: what still stands keeps its role, its constants and its pattern.
    again = _drafted(warehouse_dsn, drifted, MappingRequest(mapping_name="blinkit-rtv"))
    assert again.draft.columns["awb_no"] == "Tracking ID"
    assert again.draft.columns["line_no"] == "@counted"
    assert (again.draft.constants, again.mapping.file_pattern) == (CONSTANTS, "blinkit_*.csv")
    save_mapping(warehouse_dsn, again, actor=CLERK, now=NOW + timedelta(days=2))
    loaded = replay_file(
        warehouse_dsn, store, done.files[0].received.file_id, actor=CLERK, now=NOW + timedelta(days=2)
    )
    assert loaded is not None
    assert (loaded.rows_loaded, loaded.rows_quarantined) == (3, 0)
    awbs = _rows(warehouse_dsn, "select distinct awb_no from raw.rtv_manifests order by 1")
    assert [row["awb_no"] for row in awbs] == ["7781", "7790"]
    assert [row["file_count"] for row in list_mappings(warehouse_dsn, "default")] == [1, 0]


def test_the_mapping_of_the_day_a_file_was_received_counts(warehouse_dsn: str, tmp_path: Path) -> None:
    path = _file(tmp_path, "blinkit_1.csv")
    _save(warehouse_dsn, path, effective_from=date(2026, 11, 1))
    later = replace(REQUEST, constants={**CONSTANTS, "platform_code": "BLINKIT2"})
    _save(warehouse_dsn, path, later, effective_from=date(2026, 11, 10), effective_to=date(2026, 11, 12))
    with connect(warehouse_dsn) as connection:
        platforms = {
            day: [
                row["constants"]["platform_code"]
                for row in mappings_on(connection, "default", date(2026, 11, day))
            ]
            for day in (9, 10, 12, 13)
        }
        assert platforms == {9: ["BLINKIT"], 10: ["BLINKIT2"], 12: ["BLINKIT2"], 13: []}
        assert mappings_on(connection, "default", date(2026, 10, 31)) == []
        assert mappings_on(connection, "brand-b", date(2026, 11, 10)) == []


def test_a_mapping_of_one_tenant_says_nothing_of_anothers_files(
    warehouse_dsn: str, tmp_path: Path, store: FolderStore
) -> None:
    path = _file(tmp_path, "blinkit_1.csv")
    _save(warehouse_dsn, path)
    other = ingest_paths(warehouse_dsn, store, [path], actor=job("t", "brand-b"), now=NOW)
    assert other.quarantined_files == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"chosen": {}}, "MAPPING_INCOMPLETE"),
        ({"constants": {}}, "MAPPING_INCOMPLETE"),
        ({"file_pattern": "*.csv"}, "PATTERN_TOO_WIDE"),
        ({"mapping_name": None}, "MAPPING_NAMELESS"),
        ({"mapping_name": "a\x00b"}, "MAPPING_NAMELESS"),
        ({"chosen": {"line_no": "@counted", "created_at": "Buyer"}}, "MAPPING_FITS_NO_ROW"),
        ({"chosen": {"line_no": "Line"}}, "HEADER_UNKNOWN"),
        ({"chosen": {"qty": "@counted"}}, "MARK_NOT_ALLOWED"),
        ({"chosen": {"line_no": "@counted", "qty": "@unknown"}}, "MARK_NOT_ALLOWED"),
        ({"chosen": {"colour": "Buyer"}}, "COLUMN_UNKNOWN"),
        ({"chosen": {"line_no": "Buyer", "reason_code": "Buyer"}}, "MAPPED_TWICE"),
        ({"chosen": {"platform_code": "Buyer"}}, "MAPPED_TWICE"),
        ({"constants": {"qty": "some"}}, "INTEGER_INVALID"),
        ({"contract_name": "qc_captures"}, "CONTRACT_NESTED"),
        ({"contract_name": None, "mapping_name": "new"}, "CONTRACT_NOT_NAMED"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_its_code(
    warehouse_dsn: str, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    path = _file(tmp_path, "blinkit_1.csv")
    with pytest.raises(InvalidInput) as caught:
        _save(warehouse_dsn, path, replace(REQUEST, **change))
    assert caught.value.code == code
    assert caught.value.remedy
    assert list_mappings(warehouse_dsn, "default") == []


def test_columns_named_with_nul_are_refused_before_the_warehouse_sees_them(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    path = _file(tmp_path, "blinkit_1.csv", HEADER.replace("Buyer", "Buy\x00er"))
    with pytest.raises(InvalidInput) as caught:
        _save(warehouse_dsn, path)
    assert caught.value.code == "TEXT_NUL"


def test_saving_needs_the_role(warehouse_dsn: str, tmp_path: Path) -> None:
    found = _drafted(warehouse_dsn, _file(tmp_path, "blinkit_1.csv"))
    operator = Actor(ActorKind.PERSON, "ravi", frozenset({Role.OPERATOR}))
    with pytest.raises(NotPermitted):
        save_mapping(warehouse_dsn, found, actor=operator, now=NOW)


@pytest.fixture
def app(warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    get_settings.cache_clear()
    found = typer.Typer()
    for command in (ingest, map_command, quarantine, read):
        command.register(found)
    return found


def _json(app: typer.Typer, *arguments: str) -> Any:
    done = RUNNER.invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_command_suggests_saves_lists_and_the_file_loads(app: typer.Typer, tmp_path: Path) -> None:
    path = str(_file(tmp_path, "blinkit_1.csv"))
    assert RUNNER.invoke(app, ["ingest", path]).exit_code == 2
    shown = _json(app, "map", path, "--contract", "rtv_manifests")
    roles = {row["field"]: row for row in shown["columns"]}
    assert (roles["platform_sku"]["column"], roles["platform_sku"]["is_taken"]) == ("FSN", True)
    assert (roles["line_no"]["column"], roles["line_no"]["is_taken"]) == ("@counted", False)
    assert roles["qty"]["examples"] == ["2", "3", "1"]
    assert shown["missing"] == ["platform_code", "destination_node", "line_no"]
    assert (shown["saved"], shown["file_pattern"]) == (None, "blinkit*.csv")
    assert "CONTRACT_UNKNOWN" in RUNNER.invoke(app, ["read", path, "--tenant", "default"]).stdout

    said = ["--set", "line_no=@counted", "--constant", "platform_code=BLINKIT"]
    said += ["--constant", "destination_node=HUB-BLR", "--save", "blinkit-rtv"]
    saved = _json(app, "map", path, "--contract", "rtv_manifests", *said)["saved"]
    file_id = saved["waiting_files"][0]["file_id"]
    replayed = _json(app, "quarantine", "replay", "--whole-file", str(file_id))
    assert replayed["files"][0]["rows_loaded"] == 3
    (listed,) = _json(app, "map", "--list")
    assert (listed["mapping_name"], listed["file_count"]) == ("blinkit-rtv", 1)
    reading = _json(app, "read", path, "--tenant", "default")
    assert (reading["source_name"], reading["rows_sound"]) == ("mapped", 3)


def test_read_uses_the_source_settings_of_the_tenant_that_is_named(
    app: typer.Typer, warehouse_dsn: str, tmp_path: Path
) -> None:
    with connect(warehouse_dsn) as connection:
        save_source_settings(connection, "amazon", {"destination_node": "HUB-MUM"}, CLERK)
    path, out = tmp_path / "1.txt", tmp_path / "out.csv"
    path.write_text(
        "request-date\torder-id\tshipment-date\tsku\tfnsku\tdisposition\tshipped-quantity\tcarrier\t"
        "tracking-number\n2026-10-01T10:00:00+00:00\tRO1\t2026-10-03\tA\tX1\tSellable\t2\tBD\tT1\n",
        encoding="utf-8",
    )
    for tenant, node in ((["--tenant", "default"], "HUB-MUM"), ([], "HUB"), (["--tenant", "other"], "HUB")):
        assert _json(app, "read", str(path), "--to", str(out), *tenant)["source_name"] == "amazon"
        with out.open(encoding="utf-8", newline="") as stream:
            assert [row["destination_node"] for row in csv.DictReader(stream)] == [node]


def test_the_command_speaks_to_a_person_too(app: typer.Typer, tmp_path: Path) -> None:
    path = str(_file(tmp_path, "blinkit_1.csv"))
    done = RUNNER.invoke(app, ["map", path, "--contract", "rtv_manifests"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "Nothing is saved" in done.stdout
    assert "Still missing: platform_code, destination_node, line_no" in done.stdout
    refused = RUNNER.invoke(app, ["map", path])
    assert refused.exit_code == 2
    assert "likely: rtv_manifests" in refused.stderr
