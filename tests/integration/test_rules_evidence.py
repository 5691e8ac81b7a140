"""What a rule says changes when one piece of evidence is taken away (ruling 62), from raw rows on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from rtv_commands.build.run_dbt import DbtRun
from rtv_commands.document_rules import read_rules
from tests.evidence_world import tell
from tests.factories import World
from tests.fixtures.warehouses import Warehouses

AS_OF = datetime(2026, 12, 31, tzinfo=UTC)
Found = dict[str, Any]

TOLD = [
    ("goods_without_manifest", "WBLIND", "high", None),
    ("goods_without_manifest", "WBLIND-UNFILMED", "medium", None),
    ("carton_short_at_pickup", "PICKUP", "high", None),
    ("carton_short_at_pickup", "PICKUP-UNCOUNTED", "medium", None),
    ("carton_short_at_pickup", "ALIAS", "low", None),
    ("consignment_lost", "GONE", "high", None),
    ("consignment_lost", "GONE-UNPAPERED", "medium", None),
    ("carton_lost_in_transit", "TRANSIT", "high", None),
    ("carton_lost_in_transit", "TRANSIT-UNCOUNTED", "medium", None),
    ("carton_short_at_gate", "GATE", "high", None),
    ("carton_short_at_gate", "GATE-UNSIGNED", "medium", "transporter"),
    ("carton_short_at_gate", "GATE-UNFILMED", "medium", None),
    ("carton_short_at_gate", "REMARK", "high", "cfa"),
    ("carton_short_at_gate", "REMARK-OWN", "medium", "cfa"),
    ("carton_short_at_gate", "REMARK-FILMED", "high", None),
    ("carton_excess", "MORE", "high", None),
    ("carton_excess", "MORE-UNFILMED", "medium", None),
    ("seal_broken", "SEAL", "high", None),
    ("seal_broken", "SEAL-UNSEEN", "medium", "platform"),
    ("unit_short", "SHORT", "high", None),
    ("unit_short", "SHORT-UNWEIGHED", "high", "transporter"),
    ("unit_short", "SHORT-UNCOUNTED", "medium", "transporter"),
    ("unit_short", "SHORT-UNFILMED", "medium", None),
    ("unit_short", "LIGHT", "high", None),
    ("unit_short", "LIGHT-DECLARED", "high", "platform"),
    ("unit_short", "TORN", "high", "platform"),
    ("unit_short", "TORN-UNSEEN", "medium", "platform"),
    ("damaged", "STORED", "high", None),
    ("damaged", "STORED-UNSAID", "high", "transporter"),
    ("damaged", "STORED-UNFILMED", "medium", None),
    ("used_or_tampered", "USED", "high", None),
    ("used_or_tampered", "USED-UNFILMED", "medium", None),
    ("mrp_mismatch", "MRP", "high", None),
    ("mrp_mismatch", "MRP-UNFILMED", "medium", None),
    ("expired", "EXPIRED", "high", None),
    ("expired", "EXPIRED-UNPICKED", "medium", None),
    ("near_expiry", "NEAR", "high", None),
    ("near_expiry", "NEAR-UNFILMED", "medium", None),
    ("batch_mismatch", "STRANGER", "high", None),
    ("batch_mismatch", "STRANGER-UNFILMED", "medium", None),
    ("kit_incomplete", "KIT", "high", None),
    ("kit_incomplete", "KIT-UNFILMED", "medium", None),
    ("unit_excess", "EXTRA", "high", None),
    ("unit_excess", "EXTRA-UNFILMED", "medium", None),
    ("wrong_sku", "SWAP", "high", None),
    ("wrong_sku", "SWAP-UNFILMED", "medium", None),
    ("foreign_item", "ALIEN", "high", None),
    ("foreign_item", "ALIEN-UNFILMED", "medium", None),
    ("debit_without_goods", "NOGOODS", "high", None),
    ("debit_without_goods", "NOGOODS-UNSAID", "medium", None),
    ("duplicate_manifest", "TWIN-2", "high", None),
    ("duplicate_manifest", "TWIN-UNCOUNTED-2", "medium", None),
    ("not_permitted", "BANNED", "high", None),
    ("not_permitted", "BANNED-UNSEEN", "medium", None),
    ("over_return", "OVER", "high", None),
    ("over_return", "OVER-UNSEEN", "medium", None),
    ("price_variance", "DEAR", "high", None),
    ("price_variance", "DEAR-DECLARED", "medium", None),
    ("tax_variance", "TAXED", "high", None),
    ("tax_variance", "TAXED-UNPAPERED", "medium", None),
]


@pytest.fixture(scope="module")
def found(warehouses: Warehouses) -> dict[tuple[str, str], Found]:
    """The discrepancies of the world by rule and RTV, or AWB where there is none."""
    with warehouses.opened() as dsn:
        return _tell_and_build(dsn)


def _tell_and_build(dsn: str) -> dict[tuple[str, str], Found]:
    with psycopg.connect(dsn) as connection:
        tell(World(connection))
    run = DbtRun(dsn, AS_OF, "Asia/Kolkata", 2)
    outcomes, broken = run.build(["+int_discrepancies__unioned"], on_node=lambda _: None)
    bad = [(o.node_id, o.message) for o in outcomes if o.node_status not in {"success", "pass", "no-op"}]
    assert (bad, broken) == ([], None)
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        rows = connection.execute("select * from intermediate.int_discrepancies__unioned").fetchall()
    return {(row["rule_code"], row["rtv_no"] or row["awb_no"]): row for row in rows}


@pytest.mark.parametrize(("rule", "rtv_no", "confidence", "runner_up"), TOLD)
def test_a_rule_says_how_sure_it_is_and_who_else_may_be_liable(
    found: dict[tuple[str, str], Found], rule: str, rtv_no: str, confidence: str, runner_up: str | None
) -> None:
    row = found[rule, rtv_no]
    assert (row["confidence"], row["runner_up_role"]) == (confidence, runner_up)


def test_every_rule_that_holds_someone_liable_is_told_here() -> None:
    assert {rule for rule, *_ in TOLD} == {rule.code for rule in read_rules() if rule.seed["liable_first"]}


def test_only_the_consignment_that_lacks_units_speaks_for_a_line(found: dict[tuple[str, str], Found]) -> None:
    row = found["unit_short", "WAYS"]
    assert (row["discrepancy_qty"], row["liable_role"], row["awb_no"]) == (3, "platform", None)


@pytest.mark.parametrize("rtv_no", ["LOOSE-1", "LOOSE-2"])
def test_returns_without_an_awb_keep_rows_of_their_own(
    found: dict[tuple[str, str], Found], rtv_no: str
) -> None:
    row = found["carton_lost_in_transit", rtv_no]
    assert (row["awb_no"], row["expected_qty"], row["observed_qty"]) == (None, 5, 4)


@pytest.mark.parametrize(
    ("rule", "rtv_no", "camera_code"),
    [
        ("carton_short_at_gate", "GATE", "CAM-1"),
        ("unit_short", "SHORT", "CAM-1"),
        ("damaged", "STORED", "CAM-1"),
        ("unit_short", "TWO-CAMERAS", None),
        ("consignment_lost", "GONE", None),
        ("carton_short_at_pickup", "PICKUP-UNCOUNTED", None),
    ],
)
def test_a_discrepancy_says_where_to_look(
    found: dict[tuple[str, str], Found], rule: str, rtv_no: str, camera_code: str | None
) -> None:
    assert found[rule, rtv_no]["camera_code"] == camera_code


def test_a_window_is_empty_only_where_nobody_was(found: dict[tuple[str, str], Found]) -> None:
    """A gate or a bay that saw the return gives the window of each rule that film can show."""
    nowhere = {(rule, rtv) for (rule, rtv), row in found.items() if row["window_start_at"] is None}
    unseen = {
        "PICKUP-UNCOUNTED", "TRANSIT-UNCOUNTED", "GONE", "GONE-UNPAPERED", "NOGOODS", "NOGOODS-UNSAID",
        "BANNED", "BANNED-UNSEEN", "OVER", "OVER-UNSEEN", "TWIN-2", "TWIN-UNCOUNTED-2",
    }  # fmt: skip
    papers = {"price_variance", "tax_variance", "document_missing", "pickup_late", "consignment_lost"}
    assert {rtv for rule, rtv in nowhere if rule not in papers} <= unseen
    assert all(row["window_end_at"] is None for key, row in found.items() if key in nowhere)
