"""What befalls which return: each small world meets every fault, bigger ones meet them by rate."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.model import Progress
from rtv_cli.simulator.sizes import FaultRates, Size


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults of a return by name, how far it has come, and how its manifest came."""

    faults: tuple[str, ...] = ()
    progress: Progress = "closed"
    is_late: bool = False
    is_revised: bool = False


# Faults that a world has once, the rarer ones.
ONCE = (
    "seal_broken",
    "carton_excess",
    "qc_overdue",
    "duplicate_manifest",
    "over_return",
    "used_or_tampered",
    "near_expiry",
    "kit_incomplete",
    "batch_mismatch",
    "mrp_mismatch",
    "price_variance",
    "tax_variance",
)
# An over-return is of an article that one return alone knows; it stays with the one.
BY_RATE = tuple(name for name in ONCE if name != "over_return")

# What every small world contains, whatever its seed.
QUOTA: tuple[Plan, ...] = (
    *(Plan((name,)) for name in ("carton_short_at_pickup", "carton_lost_in_transit") for _ in range(2)),
    *(Plan((name,)) for name in ("carton_short_at_gate", "carton_short_at_gate:remarked") for _ in range(2)),
    Plan(("unit_short:pilfered",)),
    *(Plan(("unit_short",)) for _ in range(3)),
    *(Plan(("unit_excess",)) for _ in range(2)),
    *(Plan(("wrong_sku",)) for _ in range(3)),
    *(Plan(("foreign_item",)) for _ in range(2)),
    *(Plan(("damaged",)) for _ in range(3)),
    Plan(("damaged:rough_ride",)),
    *(Plan(("expired",)) for _ in range(2)),
    *(Plan(("debit_without_goods",), "declared") for _ in range(2)),
    Plan(("debit_without_goods:undebited",), "declared"),
    *(Plan(("goods_without_manifest",)) for _ in range(2)),
    Plan(("goods_without_manifest:fresh",)),
    *(Plan((name,)) for name in ("pickup_late", "delivery_late") for _ in range(2)),
    *(Plan((name,)) for name in ("not_permitted", "document_missing") for _ in range(2)),
    *(Plan((name,)) for name in ONCE),
    Plan(("consignment_lost",), "in_transit"),
    Plan((), "declared"),
    *(Plan((), "in_transit") for _ in range(2)),
    *(Plan((), "at_gate") for _ in range(2)),
    *(Plan((), "partly_opened") for _ in range(2)),
    *(Plan((), is_late=True) for _ in range(2)),
    *(Plan((), is_revised=True) for _ in range(2)),
)


class Planner:
    """Gives each return its plan; the same for the same seed, whatever is asked first."""

    def __init__(self, size: Size, seed: int) -> None:
        self._rates = size.rates
        self._seed = seed
        self._slots = dict(
            zip(dice(seed, "plan").sample(range(size.returns_in_quota), len(QUOTA)), QUOTA, strict=True)
        )

    def plan(self, index: int, *, is_removal: bool) -> Plan:
        """The plan of return number `index`; a removal report cannot tell of more than units."""
        roll = dice(self._seed, "plan", index)
        if is_removal:
            return Plan((("unit_short",), ("damaged",), ())[index % 3])
        if index in self._slots:
            return self._slots[index]
        return self._befallen(roll)

    def _befallen(self, roll: Random) -> Plan:
        rates = self._rates
        point = roll.random()
        for chance, plan in _consignment_chances(rates):
            if point < chance:
                return plan
            point -= chance
        if point < rates.still_open:
            stages: tuple[Progress, ...] = ("declared", "in_transit", "at_gate", "partly_opened")
            return Plan((), stages[int(roll.random() * 4)])
        manner = roll.random()
        is_late, is_revised = manner < rates.late_manifest, manner > 1 - rates.revised
        return Plan(_unit_faults(rates, roll), "closed", is_late, is_revised)


def _consignment_chances(rates: FaultRates) -> tuple[tuple[float, Plan], ...]:
    half = rates.carton_short_at_gate / 2
    return (
        (rates.carton_short_at_pickup, Plan(("carton_short_at_pickup",))),
        (rates.carton_lost_in_transit, Plan(("carton_lost_in_transit",))),
        (half, Plan(("carton_short_at_gate",))),
        (half, Plan(("carton_short_at_gate:remarked",))),
        (rates.pilfered, Plan(("unit_short:pilfered",))),
        (rates.debit_without_goods, Plan(("debit_without_goods",), "declared")),
        (rates.goods_without_manifest, Plan(("goods_without_manifest",))),
        (rates.rough_ride, Plan(("damaged:rough_ride",))),
        (rates.rarer_each, Plan(("consignment_lost",), "in_transit")),
        *((rates.rarer_each, Plan((name,))) for name in BY_RATE),
    )


def _unit_faults(rates: FaultRates, roll: Random) -> tuple[str, ...]:
    """Shorts, excess and wrong items never meet on one return: their pairing would have no one answer."""
    faults: list[str] = []
    kind = roll.random()
    if kind < rates.short_returns:
        faults.append("unit_short")
    elif kind < rates.short_returns + rates.excess_returns:
        faults.append("unit_excess")
    elif kind < rates.short_returns + rates.excess_returns + rates.wrong_returns:
        faults.append("wrong_sku")
    if roll.random() < rates.foreign_return:
        faults.append("foreign_item")
    faults.append("expired:by_rate")
    faults.append("damaged:by_rate")
    return tuple(faults)
