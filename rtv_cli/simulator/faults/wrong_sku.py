"""Another article of the brand where the declared one should be."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of, units_by_line
from rtv_cli.simulator.journey import other_batch
from rtv_cli.simulator.model import Return


class WrongSku(Fault):
    """Some units of a line are of an article that the return does not name, in the same carton."""

    rule_code = "wrong_sku"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Replace a part of one line."""
        lines = case.untouched_lines()
        named = {line.sku.sku_code for line in case.lines}
        others = [sku for sku in world.listed(case.brand_code) if sku.sku_code not in named]
        if any(line.sku.is_kit for line in case.lines):
            # An article in place of a kit could be one of its components, and then it is no wrong article.
            others = [sku for sku in others if sku.is_kit]
        if not lines or not others:
            return
        line = roll.choice(lines)
        other = roll.choice(others)
        part = some_of(case, line, roll, most_pct=60)
        part.sku, part.batch = other, other_batch(other, case)
        case.also_invoiced.append((other, part.batch))
        case.touched.add(line.key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row on the line of the missing article."""
        if case.progress != "closed" or not case.is_announced:
            return
        for line, qty in units_by_line(case, [pile for pile in case.piles if pile.is_replaced]):
            yield self.line_row(case, line, qty)


FAULT = WrongSku()
