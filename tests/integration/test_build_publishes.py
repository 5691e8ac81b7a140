"""A build is published as a whole, or not at all."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from rtv_commands.build import STAGES, BuildResult, build_warehouse, run_stage
from rtv_commands.build.run_dbt import PROJECT_FOLDER, DbtRun
from rtv_commands.export_mart import export_mart
from rtv_core.errors import ConflictError, IntegrityError, InvalidInput, NotFound
from rtv_core.warehouse.connection import connect, fetch_all
from tests.factories import World, on
from tests.fixtures.warehouses import Warehouses

AS_OF = datetime(2026, 11, 30, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def _master(dsn: str, name: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("truncate raw.parties")
        World(connection).insert("parties", party_code="AMZ", party_name=name, party_role="platform")


def _names(dsn: str) -> list[str]:
    with connect(dsn) as connection:
        return [
            row["party_name"] for row in fetch_all(connection, "select party_name from marts.dim_parties")
        ]


@pytest.fixture(scope="module")
def first_build(
    warehouses: Warehouses,
) -> Iterator[tuple[str, BuildResult]]:
    """A database with one published build of a warehouse that knows one party and nothing else."""
    with warehouses.opened() as dsn:
        _master(dsn, "Before")
        yield dsn, build_warehouse(dsn, as_of=AS_OF, run_id="before")


@pytest.fixture
def built_dsn(warehouses: Warehouses, first_build: tuple[str, BuildResult]) -> Iterator[str]:
    """A warehouse of this test's own, with that build published."""
    with warehouses.opened(copy_of=first_build[0]) as dsn:
        yield dsn


def test_an_empty_warehouse_builds_empty_marts(first_build: tuple[str, BuildResult]) -> None:
    rows = first_build[1].rows_per_mart
    assert {name: count for name, count in rows.items() if name.startswith("fct_") and count} == {}
    assert rows["dim_discrepancy_rules"] == 28
    assert first_build[1].discrepancies == ()


def test_a_failed_test_publishes_nothing(built_dsn: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT_FOLDER, project, ignore=shutil.ignore_patterns("target", "logs"))
    (project / "tests" / "integrity" / "assert_no_party_is_called_wrong.sql").write_text(
        "select party_code from {{ ref('dim_parties') }} where party_name = 'Wrong'", encoding="utf-8"
    )
    _master(built_dsn, "Wrong")
    with pytest.raises(IntegrityError) as caught:
        build_warehouse(built_dsn, as_of=AS_OF, run_id="bad", project_folder=project)
    assert caught.value.code == "BUILD_FAILED"
    assert "assert_no_party_is_called_wrong found 1 row" in caught.value.fact
    assert _names(built_dsn) == ["Before"]
    with connect(built_dsn) as connection:
        builds = fetch_all(
            connection, "select run_id, published_at is not null as is_published from ops.builds"
        )
        failed = fetch_all(
            connection, "select failures from ops.dbt_results where run_id = 'bad' and node_status = 'fail'"
        )
    assert {row["run_id"]: row["is_published"] for row in builds} == {"before": True, "bad": False}
    assert failed == [{"failures": 1}]
    with pytest.raises(ConflictError, match="has not passed"):
        run_stage(built_dsn, "publish", as_of=AS_OF, run_id="bad")


@dataclass(frozen=True)
class SecondBuild:
    """A warehouse in which the party was renamed and built again, and what its readers saw meanwhile."""

    dsn: str
    seen_after_each_stage: list[list[str]]
    seen_by_one_reader: list[list[str]]


@pytest.fixture(scope="module")
def second_build(warehouses: Warehouses, first_build: tuple[str, BuildResult]) -> Iterator[SecondBuild]:
    with warehouses.opened(copy_of=first_build[0]) as dsn:
        yield _build_again(dsn)


def _build_again(dsn: str) -> SecondBuild:
    _master(dsn, "After")
    seen = []
    for stage in STAGES[:-1]:
        run_stage(dsn, stage, as_of=AS_OF, run_id="after")
        seen.append(_names(dsn))
    by_reader = []
    with psycopg.connect(dsn) as reader:
        reader.execute("set transaction isolation level repeatable read")
        for schema in ("bi", "marts"):
            if schema == "marts":
                run_stage(dsn, "publish", as_of=AS_OF, run_id="after")
            rows = reader.execute(f"select party_name from {schema}.dim_parties".encode()).fetchall()
            by_reader.append([name for (name,) in rows])
    return SecondBuild(dsn, seen, by_reader)


def test_a_stage_keeps_its_connections_from_node_to_node(second_build: SecondBuild) -> None:
    with connect(second_build.dsn) as connection:
        [row] = fetch_all(
            connection,
            """select sessions, (select count(*) from ops.dbt_results) as nodes
               from pg_stat_database where datname = current_database()""",
        )
    assert row["nodes"] > 400
    assert row["sessions"] < 60


def test_readers_see_one_whole_build_while_another_is_made(second_build: SecondBuild) -> None:
    assert second_build.seen_after_each_stage == [["Before"]] * 4
    assert second_build.seen_by_one_reader == [["Before"]] * 2
    assert _names(second_build.dsn) == ["After"]
    with connect(second_build.dsn) as connection:
        history = fetch_all(
            connection,
            "select party_name, valid_to_build is null as is_current from published.dim_parties "
            "order by valid_from_build",
        )
    assert history == [
        {"party_name": "Before", "is_current": False},
        {"party_name": "After", "is_current": True},
    ]


def test_readers_find_descriptions_and_bi_reads_only_bi(built_dsn: str) -> None:
    with connect(built_dsn) as connection:
        views = fetch_all(
            connection,
            "select c.relname, obj_description(c.oid) as said, (select count(*) from pg_attribute as a "
            "where a.attrelid = c.oid and a.attnum > 0 and col_description(c.oid, a.attnum) is null) as bare "
            "from pg_class as c where c.relkind = 'v' "
            "and c.relnamespace in ('marts'::regnamespace, 'bi'::regnamespace)",
        )
        types = fetch_all(
            connection, "select distinct data_type from information_schema.columns where table_schema = 'bi'"
        )
    assert len(views) > 30
    assert [row for row in views if not row["said"] or row["bare"]] == []
    assert {row["data_type"] for row in types} <= {
        "text", "bigint", "integer", "numeric", "date", "boolean", "timestamp without time zone",
    }  # fmt: skip
    with psycopg.connect(built_dsn) as reader:
        reader.execute("set role rtv_bi")
        reader.execute("select count(*) from bi.fct_discrepancies")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("select count(*) from marts.fct_discrepancies")


def test_elapsed_time_is_measured_to_as_of(warehouse_dsn: str) -> None:
    with psycopg.connect(warehouse_dsn) as connection:
        World(connection).insert(
            "dispatches", invoice_no="I1", invoice_line_no="1", invoice_on=on(), po_no="P",
            platform_code="AMZ",
            ship_from_node="A", ship_to_node="B", dispatched_at="2026-11-02T10:00:00+05:30", sku_code="S1",
            qty=1, unit_price=100, gst_rate=18,
        )  # fmt: skip
    seen = []
    for as_of in (datetime(2027, 11, 30, 12, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)):
        run = DbtRun(warehouse_dsn, as_of, "Asia/Kolkata", 2)
        _, broken = run.invoke("run", "--select", "+int_dispatches__returnable")
        assert broken is None
        with connect(warehouse_dsn) as connection:
            seen += fetch_all(
                connection, "select is_in_tax_window from intermediate.int_dispatches__returnable"
            )
    assert seen == [{"is_in_tax_window": True}, {"is_in_tax_window": False}]


def test_an_instant_without_an_offset_is_refused(warehouse_dsn: str) -> None:
    with pytest.raises(InvalidInput, match="no offset"):
        run_stage(warehouse_dsn, "staging", as_of=datetime(2026, 11, 30), run_id="naive")  # noqa: DTZ001


def test_what_was_believed_before_a_late_arrival_can_still_be_read(
    second_build: SecondBuild, tmp_path: Path
) -> None:
    with connect(second_build.dsn) as connection:
        first, _ = fetch_all(
            connection,
            "select published_at from ops.builds where published_at is not null order by published_at",
        )

    def told(believed_on: datetime | None) -> list[str]:
        path = tmp_path / "parties.csv"
        export_mart(
            second_build.dsn,
            "dim_parties",
            path,
            tenant_code="default",
            reporting_timezone="Asia/Kolkata",
            believed_on=believed_on,
        )
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [row["party_name"] for row in csv.DictReader(stream)]

    assert told(None) == ["After"]
    assert told(first["published_at"]) == ["Before"]
    assert told(datetime.now(UTC)) == ["After"]
    with pytest.raises(NotFound) as caught:
        told(first["published_at"] - timedelta(seconds=1))
    assert caught.value.code == "BELIEF_UNKNOWN"
