"""The reads of a built world: they add up, page, filter, trace to files and rows, and go out as EPCIS."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import psycopg
import pytest

from ingest.api.routes.status import ConsignmentChange
from ingest.opening import open_file
from ingest.recognition import recognise
from rtv_commands.export_epcis import export_epcis
from rtv_core.errors import NotFound, ServiceUnavailable
from rtv_core.exports.epcis import Return
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.marts import claims, discrepancies, evidence, health, rtvs, today
from rtv_core.warehouse.marts.discrepancies import SORTS, Filters
from rtv_core.warehouse.marts.reading import reading
from rtv_core.warehouse.status_store import note_status_changes
from tests.fixtures.built_world import BuiltWorld
from tests.fixtures.dashboard import load_marts

pytestmark = pytest.mark.timeout(900)
TENANT = "default"
EPCIS_SCHEMA = Path(__file__).parents[3] / "shared" / "samples" / "epcis" / "EPCIS-JSON-Schema.json"
EXPORTED_AT = datetime(2026, 11, 27, 6, tzinfo=UTC)
# What EPCIS 2.0 demands of a document, where GS1's own schema is not at hand.
EPCIS_NEEDED = {
    "type": "object",
    "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
    "properties": {
        "type": {"const": "EPCISDocument"},
        "schemaVersion": {"const": "2.0"},
        "creationDate": {"type": "string", "format": "date-time"},
        "epcisBody": {
            "type": "object",
            "required": ["eventList"],
            "properties": {
                "eventList": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "required": ["type", "eventTime", "eventTimeZoneOffset", "action"],
                        "properties": {
                            "eventTime": {"type": "string", "format": "date-time"},
                            "eventTimeZoneOffset": {
                                "pattern": r"^[+-](0[0-9]|1[0-3]):[0-5][0-9]$|^[+-]14:00$"
                            },
                            "action": {"enum": ["OBSERVE", "ADD", "DELETE"]},
                            "bizStep": {"enum": ["receiving", "inspecting"]},
                        },
                        "anyOf": [{"required": ["epcList"]}, {"required": ["quantityList"]}],
                    },
                }
            },
        },
    },
}


def test_today_counts_what_the_queue_lists(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        build = today.latest_build(connection)
        assert build is not None
        assert build.as_of == built_world.world.as_of
        assert today.is_synthetic(connection, TENANT)
        filters = Filters(standing="all")
        totals = discrepancies.queue_totals(connection, TENANT, filters)
        rows = discrepancies.queue_page(connection, TENANT, filters, sort="value", limit=5000, offset=0)
        causes = today.causes(connection, TENANT)
        bands = today.ageing(connection, TENANT, as_of=build.as_of)
    value = sum(row.value_minor or 0 for row in rows if not row.is_overlay)
    assert (totals.discrepancies, totals.value_minor) == (len(rows), value)
    assert sum(cause.discrepancies for cause in causes) == len(rows)
    assert sum(cause.value_minor for cause in causes) == value
    assert sum(band.value_minor for band in bands) == value


def test_the_queue_pages_without_gap_or_repeat_in_every_order(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        for sort in SORTS:
            whole = discrepancies.queue_page(
                connection, TENANT, Filters(standing="all"), sort=sort, limit=5000, offset=0
            )
            paged = [
                row
                for offset in range(0, len(whole), 7)
                for row in discrepancies.queue_page(
                    connection, TENANT, Filters(standing="all"), sort=sort, limit=7, offset=offset
                )
            ]
            assert [row.discrepancy_key for row in paged] == [row.discrepancy_key for row in whole]
            assert len({row.discrepancy_key for row in whole}) == len(whole) > 20


def test_filters_narrow_and_standings_divide_the_queue(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:

        def keys(filters: Filters) -> set[str]:
            page = discrepancies.queue_page(connection, TENANT, filters, sort="value", limit=5000, offset=0)
            return {row.discrepancy_key for row in page}

        everything = keys(Filters(standing="all"))
        assert keys(Filters(standing="open")) | keys(Filters(standing="filed")) == everything
        assert keys(Filters(standing="unclaimed")) < everything
        offered = discrepancies.choices(connection, TENANT)
        by_rule = [keys(Filters(standing="all", rule_codes=[code])) for code in offered.rule_codes]
        assert set.union(*by_rule) == everything
        assert sum(map(len, by_rule)) == len(everything)
        assert not keys(Filters(standing="all", text="100%_no such thing\\"))
        as_of = built_world.world.as_of
        missed = keys(Filters(standing="all", due_before=as_of))
        soon = keys(Filters(standing="all", due_from=as_of, due_before=as_of + timedelta(days=30)))
        assert missed | soon <= everything
        assert not missed & soon


def test_another_brand_sees_nothing(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        totals = discrepancies.queue_totals(connection, "other", Filters(standing="all"))
        assert totals.discrepancies == 0
        assert not rtvs.find_rtvs(connection, "other", text=None, is_pending=False, limit=10, offset=0)
        assert not claims.claims(connection, "other")
        assert not health.files(connection, "other", status=None, limit=10, offset=0)
        assert not evidence.find_clips(connection, "other", status=None, text=None, limit=10, offset=0)
        with pytest.raises(NotFound):
            evidence.clip_object(connection, "other", 1)


def test_both_laws_hold_on_every_line_shown(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        found = rtvs.find_rtvs(connection, TENANT, text=None, is_pending=False, limit=500, offset=0)
        assert len(found) >= 55
        for row in found:
            lines = rtvs.lines_of(connection, TENANT, row.platform_code, row.rtv_no)
            for line in lines:
                missing = line.short_qty + line.wrong_item_in_place_qty + line.pending_qty
                assert line.declared_qty == line.accepted_qty + line.condition_failed_qty + missing
                surplus = line.excess_qty + line.substituted_qty + line.foreign_qty
                assert line.received_qty == line.accepted_qty + line.condition_failed_qty + surplus
            assert sum(line.declared_qty for line in lines) == row.declared_qty


def test_a_discrepancy_is_traced_to_rows_of_both_sides(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        short = Filters(standing="all", rule_codes=["unit_short", "damaged", "wrong_sku"])
        rows = discrepancies.queue_page(connection, TENANT, short, sort="value", limit=20, offset=0)
        assert rows
        for row in rows:
            declared = rtvs.declared_rows(connection, TENANT, row.discrepancy_key)
            observed = rtvs.observed_rows(connection, TENANT, row.discrepancy_key)
            assert {source.contract_name for source in declared} == {"rtv_manifests"}
            assert all(source.values["rtv_no"] == row.rtv_no for source in declared)
            assert {source.contract_name for source in observed} == {"qc_captures"}
            assert all(source.file_name and source.row_no > 0 for source in (*declared, *observed))
            moments = rtvs.moments_of(connection, TENANT, str(row.platform_code), str(row.rtv_no))
            assert {"manifest", "transport", "bay"} <= {moment.moment_kind for moment in moments}


def test_control_totals_and_quarantine_add_up(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        totals = health.file_totals(connection, TENANT)
        files = health.files(connection, TENANT, status=None, limit=500, offset=0)
        causes = health.quarantine_causes(connection, TENANT)
        rows = [
            row
            for cause in causes
            for row in health.quarantined_rows(
                connection, TENANT, error_code=cause.error_code, contract_name=cause.contract_name, limit=50
            )
        ]
    assert totals.rows_in == totals.rows_loaded + totals.rows_superseded + totals.rows_quarantined
    assert totals.unbalanced == 0
    assert sum(file.rows_in or 0 for file in files) == totals.rows_in
    assert sum(cause.quarantined_rows for cause in causes) == totals.rows_waiting == len(rows) == 2
    assert all(row.error_fact and row.error_remedy for row in rows)


def test_builds_count_their_models_and_tests(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        newest = health.builds(connection, limit=1)[0]
        assert not health.failed_nodes(connection, limit=5)
    assert newest.published_at is not None
    assert newest.models > 80
    assert newest.tests > 100
    assert newest.not_passed == 0


def test_the_small_marts_of_the_page_tests_have_the_shape_of_the_built_ones(
    built_world: BuiltWorld, warehouse_dsn: str
) -> None:
    load_marts(warehouse_dsn)
    query = """
        select table_schema, table_name, column_name, data_type from information_schema.columns
        where table_schema in ('marts', 'staging')"""

    def shape(dsn: str) -> set[tuple[str, ...]]:
        with psycopg.connect(dsn) as connection:
            return {tuple(row) for row in connection.execute(query).fetchall()}

    strangers = shape(warehouse_dsn) - shape(built_world.dsn)
    assert not strangers


def test_before_the_first_build_the_reads_say_what_to_do(warehouse_dsn: str) -> None:
    with pytest.raises(NotFound) as refused, reading(warehouse_dsn) as connection:
        discrepancies.choices(connection, TENANT)
    assert refused.value.code == "MARTS_NOT_BUILT"


def test_a_read_that_takes_too_long_is_stopped(warehouse_dsn: str) -> None:
    with (
        pytest.raises(ServiceUnavailable) as refused,
        reading(warehouse_dsn, timeout_seconds=1) as connection,
    ):
        connection.execute("select pg_sleep(20)")
    assert refused.value.code == "WAREHOUSE_SLOW"


def test_a_read_can_never_write(warehouse_dsn: str) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), reading(warehouse_dsn) as connection:
        connection.execute("create table ops.x (y int)")


def test_every_clip_of_the_list_opens_as_the_same_clip(built_world: BuiltWorld) -> None:
    with reading(built_world.dsn) as connection:
        clips = evidence.find_clips(connection, TENANT, status="cut", text=None, limit=10, offset=0)
        assert clips
        for clip in clips:
            again = evidence.clip_of(connection, TENANT, clip.clip_id)
            assert again is not None
            assert [getattr(again, name.name) for name in fields(clip)] == [
                getattr(clip, name.name) for name in fields(clip)
            ]
            assert evidence.clip_object(connection, TENANT, clip.clip_id).object_key == clip.object_key


def _captured_returns(world: BuiltWorld, carton: str = "true") -> list[dict[str, Any]]:
    return world.rows(
        f"""select platform_code, rtv_no, sum(qty)::int as qty, min(carton_no) as carton_no
           from marts.fct_captured_items where rtv_no is not null and {carton}
           group by 1, 2 order by count(distinct condition_verdict) desc, 1, 2 limit 5"""
    )


def _epcis_written(
    world: BuiltWorld, row: dict[str, Any], to: Path, carton_no: str | None = None
) -> dict[str, Any]:
    of = Return(row["platform_code"], row["rtv_no"], "hub.example.com", "Asia/Kolkata")
    export_epcis(world.dsn, of, to, tenant_code="default", now=EXPORTED_AT, carton_no=carton_no)
    found: dict[str, Any] = orjson.loads(to.read_bytes())
    return found


def test_a_return_is_written_and_read_back(built_world: BuiltWorld, tmp_path: Path) -> None:
    for number, row in enumerate(_captured_returns(built_world)):
        path = tmp_path / f"{number}.jsonld"
        document = _epcis_written(built_world, row, path)
        jsonschema.validate(document, EPCIS_NEEDED, format_checker=jsonschema.FormatChecker())
        again = _epcis_written(built_world, row, tmp_path / "again.jsonld")
        assert document == again
        steps = Counter(event["bizStep"] for event in document["epcisBody"]["eventList"])
        assert steps["receiving"] >= 1
        inspected = [e for e in document["epcisBody"]["eventList"] if e["bizStep"] == "inspecting"]
        assert sum(entry["quantity"] for e in inspected for entry in e["quantityList"]) == row["qty"]
        (part,) = recognise(path.name, open_file(path, path.name)).parts
        assert part.recognition.contract_name == "goods_receipts"
        (batch,) = part.table.batches()
        assert set(batch.columns[batch.header.index("rtv_no")]) == {row["rtv_no"]}


def test_what_is_told_of_consignments_adds_up_to_the_marts(built_world: BuiltWorld) -> None:
    with connect(built_world.dsn) as connection, connection.transaction(force_rollback=True):
        told = note_status_changes(connection, now=EXPORTED_AT, limit=10**6)
        assert note_status_changes(connection, now=EXPORTED_AT, limit=10**6) == []
        (there,) = connection.execute("select count(*) as n from marts.fct_consignments").fetchall()
        (graded,) = connection.execute(
            "select sum(i.qty) as n from marts.fct_captured_items as i where i.grade is not null and exists ("
            "select from marts.fct_consignments as c where c.tenant_code = i.tenant_code "
            "and c.awb_no = i.awb_no and c.transporter_code is not distinct from i.transporter_code)"
        ).fetchall()
    assert len(told) == there["n"] > 0
    units = sum(sum(change.consignment_status["units_by_grade"].values()) for change in told)
    assert units == graded["n"] > 0
    assert {change.consignment_status["stage"] for change in told} >= {"closed"}
    for change in told[:50]:
        ConsignmentChange(
            cursor=change.status_change_id,
            changed_at=change.changed_at,
            consignment_key=change.consignment_key,
            **change.consignment_status,
        )


def test_one_carton_is_written_alone(built_world: BuiltWorld, tmp_path: Path) -> None:
    row = _captured_returns(built_world, "carton_no is not null")[0]
    whole = _epcis_written(built_world, row, tmp_path / "whole.jsonld")
    carton = _epcis_written(built_world, row, tmp_path / "carton.jsonld", row["carton_no"])
    assert len(carton["epcisBody"]["eventList"]) <= len(whole["epcisBody"]["eventList"])
    with pytest.raises(NotFound, match="carton NO-SUCH"):
        _epcis_written(built_world, row, tmp_path / "none.jsonld", "NO-SUCH")
    assert not (tmp_path / "none.jsonld").exists()


@pytest.mark.skipif(not EPCIS_SCHEMA.exists(), reason="the schema of GS1 is not here")
def test_the_schema_of_gs1_agrees(built_world: BuiltWorld, tmp_path: Path) -> None:
    schema = orjson.loads(EPCIS_SCHEMA.read_bytes())
    for number, row in enumerate(_captured_returns(built_world)):
        jsonschema.validate(_epcis_written(built_world, row, tmp_path / f"{number}.jsonld"), schema)
