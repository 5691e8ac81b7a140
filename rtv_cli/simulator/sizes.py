"""How big a world is, and how often things go wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

from rtv_core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Chances: of a return for what befalls a consignment, of a line for what befalls units."""

    carton_short_at_pickup: float = 0.008
    carton_lost_in_transit: float = 0.008
    carton_short_at_gate: float = 0.010
    pilfered: float = 0.006
    debit_without_goods: float = 0.008
    goods_without_manifest: float = 0.020
    late_manifest: float = 0.030
    revised: float = 0.030
    rough_ride: float = 0.010
    rarer_each: float = 0.002
    still_open: float = 0.080
    short_returns: float = 0.50
    excess_returns: float = 0.10
    wrong_returns: float = 0.30
    short_line: float = 0.10
    damaged_line: float = 0.26
    expired_line: float = 0.01
    foreign_return: float = 0.02


@dataclass(frozen=True, slots=True)
class Size:
    """One size of world."""

    name: str
    returns: int
    removal_returns: int
    skus_a_brand: int
    least_lines: int
    most_lines: int
    bays_a_node: int
    extra_origins: int
    rates: FaultRates = FaultRates()
    rows_a_file: int = 250_000

    @property
    def returns_in_quota(self) -> int:
        """The returns among which each kind of fault is sure to be found."""
        return min(63, self.returns - self.removal_returns)


SIZES = {
    "small": Size("small", 66, 3, 14, 3, 7, 2, 0),
    "medium": Size("medium", 2_000, 20, 60, 4, 10, 3, 3),
    "large": Size("large", 24_000, 200, 240, 33, 52, 4, 6),
}


def size_named(name: str) -> Size:
    """The size of that name; says which there are."""
    if name not in SIZES:
        raise InvalidInput(
            f"There is no world of size {name}",
            remedy=f"Use one of: {', '.join(SIZES)}.",
            code="SIMULATOR_SIZE",
        )
    return SIZES[name]
