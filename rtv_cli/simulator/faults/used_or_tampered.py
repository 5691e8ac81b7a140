"""Units that somebody has opened or used."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of, units_by_line
from rtv_cli.simulator.model import Return


class UsedOrTampered(Fault):
    """The seal of the unit itself is open: it was sold before, or tried."""

    rule_code = "used_or_tampered"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Open a part of one line."""
        lines = case.untouched_lines()
        if lines:
            part = some_of(case, lines[0], roll)
            part.condition = "used"
            case.touched.add(lines[0].key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, as soon as the units are seen."""
        seen = [pile for pile in case.seen_piles() if pile.condition == "used"]
        for line, qty in units_by_line(case, seen):
            yield self.line_row(case, line, qty)


FAULT = UsedOrTampered()
