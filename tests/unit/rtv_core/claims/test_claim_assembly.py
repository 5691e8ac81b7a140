"""Which claims are made, mended and let go is decided from what stands alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rtv_core.claims.assemble import plan_assembly
from rtv_core.claims.states import OPEN_TO_REBUILD
from rtv_core.model.claim import Claim, ClaimableDiscrepancy, ClaimGroup, ClaimLine, ClaimStatus

GROUP = ClaimGroup("t", "amz", "amz", "R1", None, None, "unit_short", "INR")
FIXED = [status for status in ClaimStatus if status not in OPEN_TO_REBUILD]


def _found(key: str, qty: int = 1, value: int = 100, group: ClaimGroup = GROUP) -> ClaimableDiscrepancy:
    return ClaimableDiscrepancy(group, key, f"SKU-{key}", None, qty, value, False, {"key": key})


def _claim(status: ClaimStatus, *found: ClaimableDiscrepancy, claim_id: int = 1) -> Claim:
    lines = tuple(
        ClaimLine(
            one.discrepancy_key,
            "unit_short",
            one.sku_code,
            None,
            one.discrepancy_qty,
            one.value_minor,
            one.facts,
        )
        for one in found
    )
    total = sum(one.value_minor for one in found)
    group = found[0].group if found else GROUP
    return Claim(
        claim_id, group.claim_no(1), group, status, total, False, None, 1, (), None, None, None, None, lines
    )


def test_discrepancies_of_one_group_become_one_claim() -> None:
    transporter = replace(GROUP, party_code="trk", claim_reason="carton_lost_in_transit")
    plan = plan_assembly([_found("b"), _found("a"), _found("c", group=transporter)], [], {})
    assert [new.group.claim_no(new.sequence) for new in plan.new] == [
        "amz-amz-R1-unit_short-1",
        "trk-amz-R1-carton_lost_in_transit-1",
    ]
    assert [line.discrepancy_key for line in plan.new[0].lines] == ["a", "b"]


def test_currencies_are_not_mixed_and_numbers_not_used_twice() -> None:
    dollars = replace(GROUP, currency_code="USD")
    plan = plan_assembly([_found("a"), _found("b", group=dollars)], [], {("t", GROUP.stem): 4})
    assert [new.sequence for new in plan.new] == [5, 6]


def test_an_open_claim_follows_and_an_unchanged_one_is_left_alone() -> None:
    same = plan_assembly([_found("a")], [_claim(ClaimStatus.READY, _found("a"))], {})
    assert (len(same.unchanged), same.changed, same.new, same.emptied) == (1, [], [], [])
    more = plan_assembly([_found("a"), _found("b")], [_claim(ClaimStatus.READY, _found("a"))], {})
    assert [line.discrepancy_key for line in more.changed[0].lines] == ["a", "b"]
    gone = plan_assembly([], [_claim(ClaimStatus.DRAFT, _found("a"))], {})
    assert len(gone.emptied) == 1


@pytest.mark.parametrize("status", FIXED)
def test_a_fixed_claim_never_changes_and_keeps_its_discrepancy(status: ClaimStatus) -> None:
    plan = plan_assembly([_found("a", qty=2, value=200)], [_claim(status, _found("a"))], {})
    assert (plan.new, plan.changed, plan.emptied) == ([], [], [])
    (adjustment,) = plan.adjustments
    assert (adjustment.claimed_minor, adjustment.current_minor, adjustment.current_qty) == (100, 200, 2)


def test_a_discrepancy_that_is_gone_adjusts_a_fixed_claim_to_nothing() -> None:
    plan = plan_assembly([], [_claim(ClaimStatus.FILED, _found("a"))], {})
    assert [(one.current_qty, one.current_minor) for one in plan.adjustments] == [(0, 0)]


def test_what_comes_later_gets_a_claim_of_its_own() -> None:
    plan = plan_assembly(
        [_found("a"), _found("b")], [_claim(ClaimStatus.FILED, _found("a"))], {("t", GROUP.stem): 1}
    )
    assert [(new.sequence, [line.discrepancy_key for line in new.lines]) for new in plan.new] == [(2, ["b"])]
    assert plan.adjustments == []


def test_another_party_is_claimed_only_after_the_first_claim_is_lost() -> None:
    moved = _found("a", group=replace(GROUP, party_code="trk"))
    assert plan_assembly([moved], [_claim(ClaimStatus.FILED, _found("a"))], {}).new == []
    lost = plan_assembly([moved], [_claim(ClaimStatus.REJECTED, _found("a"))], {})
    assert [new.group.party_code for new in lost.new] == ["trk"]


def test_a_consignment_of_several_returns_is_named_by_its_awb() -> None:
    group = replace(
        GROUP, rtv_no=None, awb_no="AWB9", transporter_code="trk", party_code="trk", platform_code=None
    )
    assert group.claim_no(1) == "trk-none-AWB9-unit_short-1"
