"""Units with another maximum price printed on them than the batch was sold with."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of, units_by_line
from rtv_cli.simulator.model import Return


class MrpMismatch(Fault):
    """The price on the label is not the batch's own."""

    rule_code = "mrp_mismatch"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Print a higher price on a part of one line."""
        lines = [line for line in case.untouched_lines() if line.batch]
        if lines:
            part = some_of(case, lines[0], roll)
            part.condition = "strange_mrp"
            part.printed_mrp_minor = lines[0].sku.mrp_minor + between(roll, 5, 40) * 100
            case.touched.add(lines[0].key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, as soon as the units are seen."""
        seen = [pile for pile in case.seen_piles() if pile.condition == "strange_mrp"]
        for line, qty in units_by_line(case, seen):
            yield self.line_row(case, line, qty)


FAULT = MrpMismatch()
