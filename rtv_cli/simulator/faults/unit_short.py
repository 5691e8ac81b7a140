"""Units that the manifest names and nobody finds in cartons that all arrived."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of, units_by_line
from rtv_cli.simulator.model import Return

STOLEN_WEIGHT_PCT = 6


class UnitShort(Fault):
    """Never packed (the platform answers), or taken on the road, which the weight gives away."""

    rule_code = "unit_short"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Leave units out of one line or a few; `pilfered` takes them between pickup and gate."""
        if how == "pilfered":
            self._pilfer(case)
            return
        lines = case.untouched_lines()
        wanted = [line for line in lines if roll.random() < world.size.rates.short_line] or lines[:1]
        for line in wanted:
            some_of(case, line, roll).lost_at = "packing"
            case.touched.add(line.key)

    def _pilfer(self, case: Return) -> None:
        least = sum(pile.grams for pile in case.piles) * STOLEN_WEIGHT_PCT / 100
        taken = 0
        for line in sorted(
            case.untouched_lines(), key=lambda line: (-line.sku.unit_grams, line.key.sku_code or "")
        ):
            pile = case.piles_of(line)[0]
            part = case.split(pile, max(1, pile.qty // 2))
            part.lost_at = "pilfered"
            case.touched.add(line.key)
            taken += part.grams
            if taken > least:
                return

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, once the last carton is opened."""
        if case.progress != "closed" or not case.is_announced:
            return
        for line, qty in units_by_line(case, [pile for pile in case.piles if pile.lost_at == "packing"]):
            yield self.line_row(case, line, qty)
        for line, qty in units_by_line(case, [pile for pile in case.piles if pile.lost_at == "pilfered"]):
            yield self.line_row(case, line, qty, "transporter", case.transporter_code)


FAULT = UnitShort()
