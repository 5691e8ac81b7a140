"""What a fault is: one class a rule, which alters a return's history and tells what followed from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.model import Leg, Line, LineKey, Pile, Return
from rtv_cli.simulator.terms import claim_value


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One row of the truth."""

    rule_code: str
    platform_code: str | None
    rtv_no: str | None
    sku_code: str | None
    batch_no: str | None
    transporter_code: str | None
    awb_no: str | None
    discrepancy_qty: int
    liable_role: str | None
    value_minor: int | None


class Fault(ABC):
    """One rule's fault."""

    rule_code: str

    @abstractmethod
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Let it happen; `how` names a variant."""

    @abstractmethod
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """What is true of the return because of it, read from its units' history."""

    def alert_row(self, case: Return, *, is_of_consignment: bool) -> Discrepancy:
        """A row without value or liable party, on the consignment or on the RTV alone."""
        transporter_code = case.transporter_code if is_of_consignment else None
        awb_no = case.awb_no if is_of_consignment else None
        key = (case.platform.code, case.rtv_no, None, None, transporter_code, awb_no)
        return Discrepancy(self.rule_code, *key, 1, None, None)

    def line_row(
        self, case: Return, line: Line, qty: int, role: str = "platform", party_code: str | None = None
    ) -> Discrepancy:
        """A row on an RTV line, valued against the liable party (the platform unless named)."""
        party = party_code or case.platform.code
        value = claim_value(case.platform, party, self.rule_code, [(line.sku, qty)])
        key = (case.platform.code, case.rtv_no, line.key.sku_code, line.key.batch_no, None, None)
        return Discrepancy(self.rule_code, *key, qty, role, value)


class CartonLoss(Fault):
    """Whole cartons that do not reach the end of a leg."""

    leg: Leg

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Lose one carton, or two of many."""
        lost = 2 if len(case.cartons) > 3 and roll.random() < 0.3 else 1
        for carton in roll.sample(case.cartons, lost):
            carton.lost_at = self.leg

    @abstractmethod
    def liable(self, case: Return, world: World) -> tuple[str, str]:
        """Role and party that answer for the leg."""

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment: the cartons, worth the units that were in them."""
        lost = [number for number, carton in enumerate(case.cartons) if carton.lost_at == self.leg]
        if not lost:
            return
        role, party_code = self.liable(case, world)
        units = [(pile.sku, pile.qty) for pile in case.piles if pile.carton in lost and pile.sku]
        value = claim_value(case.platform, party_code, self.rule_code, units)
        key = (case.platform.code, case.rtv_no, None, None, case.transporter_code, case.awb_no)
        yield Discrepancy(self.rule_code, *key, len(lost), role, value)


def some_of(case: Return, line: Line, roll: Random, *, most_pct: int = 40) -> Pile:
    """A part of one of the line's piles, at least one unit, as a pile of its own."""
    pile = roll.choice(case.piles_of(line))
    return case.split(pile, between(roll, 1, max(1, pile.qty * most_pct // 100)))


def units_by_line(case: Return, piles: Iterable[Pile]) -> list[tuple[Line, int]]:
    """How many of these units each declared line has, in the order of the manifest."""
    counted: dict[LineKey | None, int] = {}
    for pile in piles:
        counted[pile.declared] = counted.get(pile.declared, 0) + pile.qty
    return [(line, counted[line.key]) for line in case.lines if line.key in counted]
