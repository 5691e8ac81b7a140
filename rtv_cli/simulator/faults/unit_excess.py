"""Units beyond what the manifest names."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Pile, Return


class UnitExcess(Fault):
    """The packer put in more of a declared article than the manifest says."""

    rule_code = "unit_excess"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Add a few units of one line to a carton that holds it."""
        lines = case.untouched_lines()
        if not lines:
            return
        line = roll.choice(lines)
        carton = roll.choice(case.piles_of(line)).carton
        case.piles.append(Pile(between(roll, 1, 5), carton, None, line.sku, line.batch))
        case.touched.add(line.key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row for the article and the batch on its units; what came for nothing has no value."""
        if case.progress != "closed" or not case.is_announced:
            return
        for pile in case.piles:
            if pile.declared is None and pile.sku:
                batch_no = pile.batch.batch_no if pile.batch else None
                key = (case.platform.code, case.rtv_no, pile.sku.sku_code, batch_no, None, None)
                yield Discrepancy(self.rule_code, *key, pile.qty, "platform", None)


FAULT = UnitExcess()
