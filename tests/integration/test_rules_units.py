"""The rules on one hand-made world, built once by dbt on a real Postgres; each RTV is a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from rtv_commands.build.run_dbt import DbtRun
from tests.factories import PLATFORM, TRANSPORTER, World, at
from tests.fixtures.warehouses import Warehouses
from tests.rules_world import tell

AS_OF = datetime(2026, 12, 31, tzinfo=UTC)
Found = dict[str, Any]


@pytest.fixture(scope="module")
def marts(warehouses: Warehouses) -> Iterator[psycopg.Connection[Found]]:
    """The world after one build up to the marts of returns."""
    with warehouses.opened() as dsn:
        _tell_and_build(dsn)
        with psycopg.connect(dsn, row_factory=dict_row) as connection:
            yield connection


def _tell_and_build(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        tell(World(connection))
    run = DbtRun(dsn, AS_OF, "Asia/Kolkata", 2)
    outcomes, broken = run.build(
        [f"+fqn:rtv_hub.{part}" for part in ("intermediate.discrepancies", "marts.returns", "marts.money")],
        on_node=lambda _: None,
    )
    bad = [(o.node_id, o.message) for o in outcomes if o.node_status not in {"success", "pass", "no-op"}]
    assert broken is None
    assert not bad


def _discrepancies(marts: psycopg.Connection[Found], rtv_no: str) -> dict[tuple[str, str | None], Found]:
    rows = marts.execute(
        "select * from intermediate.int_discrepancies__unioned where rtv_no = %s", (rtv_no,)
    ).fetchall()
    found = {(row["rule_code"], row["sku_code"]): row for row in rows}
    assert len(found) == len({row["discrepancy_key"] for row in rows}) == len(rows)
    return found


def _lines(marts: psycopg.Connection[Found], rtv_no: str) -> dict[tuple[str | None, str | None], Found]:
    rows = marts.execute("select * from candidate.fct_rtv_lines where rtv_no = %s", (rtv_no,)).fetchall()
    return {(row["sku_code"], row["batch_no"]): row for row in rows}


def _units(marts: psycopg.Connection[Found], discrepancy: Found) -> dict[str, int]:
    rows = marts.execute(
        "select sku_code, sum(valued_qty) as qty from intermediate.int_discrepancy_units__explained"
        " where discrepancy_key = %s group by sku_code",
        (discrepancy["discrepancy_key"],),
    ).fetchall()
    return {row["sku_code"]: int(row["qty"]) for row in rows}


@pytest.mark.parametrize(
    ("rtv_no", "rule", "role", "party"),
    [
        ("PICK", "carton_short_at_pickup", "platform", PLATFORM),
        ("LOST1", "carton_lost_in_transit", "transporter", TRANSPORTER),
        ("GATE", "carton_short_at_gate", "cfa", "CFA1"),
        ("REMARK", "carton_short_at_gate", "transporter", TRANSPORTER),
    ],
)
def test_a_missing_carton_is_charged_to_its_leg(
    marts: psycopg.Connection[Found], rtv_no: str, rule: str, role: str, party: str
) -> None:
    found = _discrepancies(marts, rtv_no)
    assert list(found) == [(rule, None)]
    row = found[rule, None]
    assert (row["discrepancy_qty"], row["liable_role"], row["liable_party_code"]) == (1, role, party)
    assert row["is_final"]
    assert _units(marts, row) == {"A": 2, "B": 2}
    assert [line["short_qty"] for line in _lines(marts, rtv_no).values()] == [2, 2]


def test_named_cartons_bear_their_own_units_leg_by_leg(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "NAMED")
    assert _units(marts, found["carton_short_at_pickup", None]) == {"A": 5}
    assert _units(marts, found["carton_lost_in_transit", None]) == {"B": 4}
    assert found["unit_short", "A"]["discrepancy_qty"] == 1


def test_a_lost_consignment_explains_all_its_units(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "GONE")
    assert list(found) == [("consignment_lost", None)]
    assert _units(marts, found["consignment_lost", None]) == {"A": 6}
    assert _lines(marts, "GONE")["A", None]["short_qty"] == 6


def test_shares_go_to_the_largest_remainder_and_pass_on_from_full_lines(
    marts: psycopg.Connection[Found],
) -> None:
    found = _discrepancies(marts, "SPLIT")
    assert _units(marts, found["carton_lost_in_transit", None]) == {"D": 1, "E": 1}
    assert found["unit_short", "F"]["confidence"] in {"high", "medium"}
    assert found["unit_short", "F"]["discrepancy_qty"] == 1


def test_nothing_is_short_before_the_consignment_is_opened_whole(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "OPEN")
    assert list(found) == [("carton_lost_in_transit", None)]
    assert not found["carton_lost_in_transit", None]["is_final"]
    line = _lines(marts, "OPEN")["A", None]
    assert (line["pending_qty"], line["short_qty"], line["stage"], line["is_final"]) == (8, 0, "in_qc", False)


@pytest.mark.parametrize(
    ("rtv_no", "qty", "role", "confidence", "runner_up"),
    [
        ("SHORT", 3, "platform", "high", None),
        ("SEAL", 1, "transporter", "medium", "platform"),
        ("LIGHT", 1, "transporter", "high", "platform"),
    ],
)
def test_missing_units_follow_the_evidence_of_seal_and_weight(
    marts: psycopg.Connection[Found], rtv_no: str, qty: int, role: str, confidence: str, runner_up: str | None
) -> None:
    row = _discrepancies(marts, rtv_no)["unit_short", "A"]
    assert (row["discrepancy_qty"], row["liable_role"], row["confidence"], row["runner_up_role"]) == (
        qty, role, confidence, runner_up,
    )  # fmt: skip


def test_units_beyond_the_declaration_are_excess(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "MORE")
    assert list(found) == [("unit_excess", "A")]
    assert found["unit_excess", "A"]["discrepancy_qty"] == 3


def test_a_short_and_a_surplus_pair_by_brand_first(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "SWAP")
    assert {(rule, sku): row["discrepancy_qty"] for (rule, sku), row in found.items()} == {
        ("wrong_sku", "A"): 3, ("wrong_sku", "C"): 1, ("unit_short", "C"): 1,
    }  # fmt: skip
    assert found["wrong_sku", "A"]["observed_sku_code"] == "B"
    assert found["wrong_sku", "C"]["observed_sku_code"] == "X"
    assert _lines(marts, "SWAP")["B", None]["substituted_qty"] == 3


def test_pairs_are_made_inside_a_carton_where_both_sides_name_them(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "BOXES")
    assert {(rule, sku): row["discrepancy_qty"] for (rule, sku), row in found.items()} == {
        ("wrong_sku", "B"): 1,
        ("unit_short", "A"): 1,
    }


def test_a_scanned_number_wins_over_the_awb_with_low_confidence(marts: psycopg.Connection[Found]) -> None:
    assert _discrepancies(marts, "ELSEWHERE") == {}
    line = _lines(marts, "ELSEWHERE")["A", None]
    assert (line["accepted_qty"], line["match_method"], line["match_confidence"]) == (1, "rtv_no", "low")


def test_a_foreign_code_stands_on_the_line_without_a_sku(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "ALIEN")
    assert [(key[0], row["discrepancy_qty"]) for key, row in found.items()] == [("foreign_item", 3)]
    assert _lines(marts, "ALIEN")[None, None]["foreign_qty"] == 3


def test_a_wrong_batch_is_never_a_short_and_an_excess(marts: psycopg.Connection[Found]) -> None:
    assert _discrepancies(marts, "BATCH") == {}
    assert {key: line["accepted_qty"] for key, line in _lines(marts, "BATCH").items()} == {
        ("A", "L1"): 2, ("A", "L2"): 2, ("A", None): 2,
    }  # fmt: skip


def test_each_unit_has_one_condition_verdict(marts: psycopg.Connection[Found]) -> None:
    rows = marts.execute(
        "select rule_code, sku_code, liable_role, discrepancy_qty, also_met"
        " from intermediate.int_discrepancies__unioned where rtv_no = 'COND'"
    ).fetchall()
    found = {
        (r["rule_code"], r["sku_code"], r["liable_role"]): (r["discrepancy_qty"], r["also_met"]) for r in rows
    }
    assert found == {
        ("damaged", "A", "transporter"): (1, None),
        ("damaged", "A", "platform"): (1, None),
        ("unit_excess", "A", "platform"): (2, None),
        ("mrp_mismatch", "B", "platform"): (1, None),
        ("batch_mismatch", "B", "platform"): (1, None),
        ("used_or_tampered", "B", "platform"): (1, "damaged"),
        ("expired", "EXP", "platform"): (1, "near_expiry"),
        ("near_expiry", "EXP", "platform"): (2, None),
        ("kit_incomplete", "KIT", "platform"): (1, None),
    }


def test_failed_units_fill_the_declaration_before_sound_ones(marts: psycopg.Connection[Found]) -> None:
    line = _lines(marts, "COND")["A", None]
    assert (line["accepted_qty"], line["condition_failed_qty"], line["excess_qty"]) == (3, 2, 2)


def test_a_debit_without_goods_is_valued_by_what_was_debited(marts: psycopg.Connection[Found]) -> None:
    found = _discrepancies(marts, "NOGOODS")
    row = found["debit_without_goods", None]
    assert list(found) == [("debit_without_goods", None)]
    assert (row["discrepancy_qty"], row["is_final"], _units(marts, row)) == (4, True, {"A": 3})
    assert _lines(marts, "NOGOODS")["A", None]["short_qty"] == 4
    assert _discrepancies(marts, "UNKNOWN")["debit_without_goods", None]["discrepancy_qty"] == 2
    assert _discrepancies(marts, "OVERDEBIT")["debit_without_goods", "A"]["discrepancy_qty"] == 3


def test_a_repeated_manifest_takes_part_in_nothing_else(marts: psycopg.Connection[Found]) -> None:
    assert _discrepancies(marts, "TWICE-1") == {}
    found = _discrepancies(marts, "TWICE-2")
    assert [(key[0], row["discrepancy_qty"]) for key, row in found.items()] == [("duplicate_manifest", 3)]
    assert _lines(marts, "TWICE-2")["A", None]["short_qty"] == 3


def test_goods_without_manifest_wait_for_the_days_of_grace(marts: psycopg.Connection[Found]) -> None:
    rows = marts.execute(
        "select rule_code, awb_no, discrepancy_qty, is_final, rtv_no"
        " from intermediate.int_discrepancies__unioned"
        " where awb_no in ('WBLIND', 'WBLINDNEW') order by rule_code"
    ).fetchall()
    assert [
        (r["rule_code"], r["awb_no"], r["discrepancy_qty"], r["is_final"], r["rtv_no"]) for r in rows
    ] == [
        ("foreign_item", "WBLIND", 1, True, None),
        ("goods_without_manifest", "WBLIND", 5, False, None),
    ]


@pytest.mark.parametrize(
    ("rtv_no", "method", "confidence"),
    [
        ("ALIAS", "awb_alias", "low"),
        ("NUMBER", "rtv_no", "high"),
        ("FIT", "fit", "low"),
        ("SHORT", "awb_exact", "high"),
    ],
)
def test_a_capture_finds_its_return(
    marts: psycopg.Connection[Found], rtv_no: str, method: str, confidence: str
) -> None:
    line = next(iter(_lines(marts, rtv_no).values()))
    assert (line["match_method"], line["match_confidence"], line["stage"]) == (method, confidence, "closed")


def test_units_of_a_shared_consignment_go_to_the_oldest_return_first(
    marts: psycopg.Connection[Found],
) -> None:
    assert _lines(marts, "PAIR-1")["F", None]["accepted_qty"] == 2
    second = _lines(marts, "PAIR-2")["F", None]
    assert (second["accepted_qty"], second["short_qty"]) == (2, 1)


def test_custody_sums_to_zero_and_ends_where_the_lines_say(marts: psycopg.Connection[Found]) -> None:
    row = marts.execute(
        "select sum(case when to_account = 'accepted' then moved_qty else 0 end) as accepted,"
        " sum(case when to_account like 'shortage:%%' then moved_qty else 0 end) as short,"
        " (select sum(accepted_qty) from candidate.fct_rtv_lines) as accepted_qty,"
        " (select sum(short_qty + wrong_item_in_place_qty) from candidate.fct_rtv_lines) as short_qty"
        " from candidate.fct_custody_movements"
    ).fetchone()
    assert row is not None
    assert row["accepted"] == row["accepted_qty"]
    assert row["short"] == row["short_qty"]


def _values(marts: psycopg.Connection[Found], rtv_no: str) -> dict[str, tuple[int, int | None]]:
    rows = marts.execute("select * from candidate.fct_discrepancies where rtv_no = %s", (rtv_no,)).fetchall()
    return {row["rule_code"]: (row["discrepancy_qty"], row["value_minor"]) for row in rows}


def test_units_beyond_what_was_dispatched_are_an_overlay(marts: psycopg.Connection[Found]) -> None:
    assert _values(marts, "OVER-1") == {}
    assert _values(marts, "OVER-2") == {"over_return": (3, 15_000)}
    assert _discrepancies(marts, "OVER-2")["over_return", "G"]["is_overlay"]
    assert _lines(marts, "OVER-2")["G", None]["accepted_qty"] == 5


def test_terms_missed_by_the_parties_are_told_without_a_claim(marts: psycopg.Connection[Found]) -> None:
    alerts = {"pickup_late", "delivery_late", "qc_overdue", "document_missing"}
    found = _discrepancies(marts, "LATE")
    assert {rule for rule, _ in found} == alerts | {"price_variance"}
    assert found["document_missing", None]["document_type"] == "challan"
    assert {found[rule, None]["liable_role"] for rule in alerts} == {None}
    assert {_values(marts, "LATE")[rule] for rule in alerts} == {(1, None)}


def test_debits_are_held_against_the_allocated_invoices(marts: psycopg.Connection[Found]) -> None:
    assert _values(marts, "LATE")["price_variance"] == (10, 15_000)
    assert _values(marts, "BANNED")["price_variance"] == (10, 5_000)
    assert _values(marts, "BANNED")["tax_variance"] == (30, 13_000)


def test_each_debited_unit_is_disputed_once(marts: psycopg.Connection[Found]) -> None:
    assert _values(marts, "BANNED")["not_permitted"] == (30, 150_000)
    assert _values(marts, "BANNED")["damaged"][0] == 2
    rows = marts.execute(
        "select rtv_no, debited_minor, disputed_minor from candidate.fct_debit_lines"
        " where rtv_no in ('BANNED', 'LATE') order by rtv_no"
    ).fetchall()
    assert [tuple(row.values()) for row in rows] == [
        ("BANNED", 177_000, 177_000),
        ("LATE", 70_800, 15_000),
    ]


def test_the_tax_of_returned_units_runs_a_clock_until_30_november(marts: psycopg.Connection[Found]) -> None:
    rows = marts.execute(
        "select clock_code, discrepancy_key, value_at_risk_minor, state, due_at from candidate.fct_deadlines"
        " where rtv_no = 'LATE' and clock_code = 'credit_note'"
    ).fetchall()
    assert [tuple(row.values()) for row in rows] == [
        ("credit_note", None, 8_100, "open", datetime(2027, 11, 30, 18, 29, 59, tzinfo=UTC))
    ]


def test_loose_components_make_as_many_whole_kits_as_they_can_and_the_rest_incomplete_ones(
    marts: psycopg.Connection[Found],
) -> None:
    (line,) = _lines(marts, "LOOSE").values()
    # One set as it is, one of two cups and a lid, one of the cup that is left; the fourth never came.
    assert (line["declared_qty"], line["received_qty"], line["accepted_qty"]) == (4, 3, 2)
    assert (line["condition_failed_qty"], line["short_qty"]) == (1, 1)
    found = _discrepancies(marts, "LOOSE")
    assert {key: row["discrepancy_qty"] for key, row in found.items()} == {
        ("kit_incomplete", "SET"): 1,
        ("unit_short", "SET"): 1,
    }
    (share,) = marts.execute(
        "select share.missing_share from intermediate.int_kit_shares__missing as share"
        " inner join candidate.fct_rtv_lines as line on line.rtv_line_key = share.rtv_line_key"
        " where line.rtv_no = 'LOOSE'"
    ).fetchall()
    # A cup and a lid of the set are missing: 70 of 120.
    assert round(share["missing_share"], 6) == Decimal("0.583333")


def test_components_beyond_the_kits_that_are_missing_are_in_excess(marts: psycopg.Connection[Found]) -> None:
    lines = _lines(marts, "LOOSEMORE")
    assert lines["SET", None]["accepted_qty"] == 1
    assert {sku: line["excess_qty"] for (sku, _), line in lines.items() if sku != "SET"} == {
        "CUP": 3,
        "LID": 1,
    }
    assert set(_discrepancies(marts, "LOOSEMORE")) == {("unit_excess", "CUP"), ("unit_excess", "LID")}


def test_a_component_that_the_manifest_names_is_no_part_of_a_kit(marts: psycopg.Connection[Found]) -> None:
    lines = _lines(marts, "LOOSENAMED")
    assert lines["CUP", None]["accepted_qty"] == 2
    # The lid alone is a set without its cups.
    assert (lines["SET", None]["condition_failed_qty"], lines["SET", None]["short_qty"]) == (1, 0)


def test_nothing_else_is_said_of_a_return_without_goods(marts: psycopg.Connection[Found]) -> None:
    assert list(_discrepancies(marts, "GHOST")) == [("debit_without_goods", None)]
    line = _lines(marts, "GHOST")["A", None]
    assert (line["short_qty"], line["is_final"]) == (6, True)


def test_the_bays_steps_stand_with_version_operator_and_proof(marts: psycopg.Connection[Found]) -> None:
    rows = marts.execute(
        "select awb_no, operator_code, shown_at, sop_code, sop_version, proofs_lacking, proof_state "
        "from candidate.fct_sop_steps order by sop_code, sop_version"
    ).fetchall()
    assert {(row["awb_no"], row["operator_code"], row["shown_at"]) for row in rows} == {
        ("WOPEN", "OP1", datetime.fromisoformat(str(at(5))))
    }
    assert [tuple(row.values())[3:] for row in rows] == [
        ("RTV-02", 1, None, "unknown"),
        ("RTV-02", 2, None, "unknown"),
        ("RTV-03", 1, "batch|seal", "lacking"),
        ("RTV-06", 1, None, "there"),
    ]
