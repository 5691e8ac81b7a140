"""Decides, from the discrepancies and the claims as they stand, which claims to make, mend or let go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rtv_core.claims.states import OPEN_TO_REBUILD
from rtv_core.model.claim import Claim, ClaimableDiscrepancy, ClaimGroup, ClaimLine, ClaimStatus

LOST_CAUSES = frozenset(
    {ClaimStatus.REJECTED, ClaimStatus.CLOSED, ClaimStatus.DROPPED, ClaimStatus.TIME_BARRED}
)
"""A discrepancy on such a claim may be claimed from another party, never again from the same."""


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to be made."""

    group: ClaimGroup
    sequence: int
    lines: tuple[ClaimLine, ...]
    is_terms_unverified: bool


@dataclass(frozen=True, slots=True)
class ChangedClaim:
    """An open claim whose lines are to follow its discrepancies."""

    claim: Claim
    lines: tuple[ClaimLine, ...]
    is_terms_unverified: bool


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A discrepancy that no longer is what an approved claim says; the claim itself stays."""

    claim: Claim
    discrepancy_key: str
    claimed_qty: int
    claimed_minor: int
    current_qty: int
    current_minor: int


@dataclass(slots=True)
class AssemblyPlan:
    """What is to be done; empty when the claims already say what the discrepancies say."""

    new: list[NewClaim] = field(default_factory=list)
    changed: list[ChangedClaim] = field(default_factory=list)
    emptied: list[Claim] = field(default_factory=list)
    unchanged: list[Claim] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)


def plan_assembly(
    discrepancies: Iterable[ClaimableDiscrepancy],
    claims: Iterable[Claim],
    sequences: Mapping[tuple[str, str], int],
) -> AssemblyPlan:
    """Compare discrepancies with claims; `sequences` is the highest number used, by tenant and stem."""
    plan = AssemblyPlan()
    current = {one.discrepancy_key: one for one in discrepancies}
    open_claims: dict[ClaimGroup, Claim] = {}
    held: set[str] = set()
    for claim in sorted(claims, key=lambda one: one.claim_id):
        if claim.status in OPEN_TO_REBUILD:
            open_claims[claim.group] = claim
        else:
            held |= _compare_fixed_claim(plan, claim, current)
    wanted: dict[ClaimGroup, list[ClaimableDiscrepancy]] = defaultdict(list)
    for one in current.values():
        if one.discrepancy_key not in held:
            wanted[one.group].append(one)
    used = dict(sequences)
    for group, members in wanted.items():
        _plan_group(plan, group, members, open_claims.pop(group, None), used)
    plan.emptied.extend(open_claims.values())
    plan.new.sort(key=lambda one: one.group.claim_no(one.sequence))
    return plan


def _compare_fixed_claim(
    plan: AssemblyPlan, claim: Claim, current: dict[str, ClaimableDiscrepancy]
) -> set[str]:
    """Note what changed under a fixed claim; return the discrepancies that it keeps to itself."""
    held: set[str] = set()
    for line in claim.lines:
        now = current.get(line.discrepancy_key)
        is_elsewhere = now is not None and now.group != claim.group
        if not (is_elsewhere and claim.status in LOST_CAUSES):
            held.add(line.discrepancy_key)
        quantity, value = (0, 0) if now is None or is_elsewhere else (now.discrepancy_qty, now.value_minor)
        if (quantity, value) != (line.claimed_qty, line.claimed_minor):
            plan.adjustments.append(
                Adjustment(claim, line.discrepancy_key, line.claimed_qty, line.claimed_minor, quantity, value)
            )
    return held


def _plan_group(
    plan: AssemblyPlan,
    group: ClaimGroup,
    members: list[ClaimableDiscrepancy],
    claim: Claim | None,
    used: dict[tuple[str, str], int],
) -> None:
    lines = tuple(
        ClaimLine(
            one.discrepancy_key, group.claim_reason, one.sku_code, one.batch_no,
            one.discrepancy_qty, one.value_minor, one.facts,
        )
        for one in sorted(
            members, key=lambda one: (one.sku_code or "", one.batch_no or "", one.discrepancy_key)
        )
    )  # fmt: skip
    is_unverified = any(one.is_terms_unverified for one in members)
    if claim is None:
        name = (group.tenant_code, group.stem)
        used[name] = used.get(name, 0) + 1
        plan.new.append(NewClaim(group, used[name], lines, is_unverified))
    elif _content(claim.lines, claim.is_terms_unverified) == _content(lines, is_unverified):
        plan.unchanged.append(claim)
    else:
        plan.changed.append(ChangedClaim(claim, lines, is_unverified))


def _content(lines: tuple[ClaimLine, ...], is_unverified: bool) -> object:
    return is_unverified, sorted(
        ((line, line.facts) for line in lines), key=lambda pair: pair[0].discrepancy_key
    )
