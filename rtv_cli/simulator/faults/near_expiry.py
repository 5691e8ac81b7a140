"""Units with less shelf life left than the contract asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World, batch_of
from rtv_cli.simulator.faults.base import Discrepancy, Fault, units_by_line
from rtv_cli.simulator.model import LineKey, Return


class NearExpiry(Fault):
    """A whole line is of a batch that the platform kept for too long."""

    rule_code = "near_expiry"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Make one line's batch one that runs out in a few weeks; a batch is of a month."""
        lines = [line for line in case.untouched_lines() if line.batch]
        if not lines:
            return
        line = lines[0]
        left = timedelta(days=39) - timedelta(days=line.sku.shelf_life_days or 0)
        batch = batch_of(line.sku, (case.picked_up_at + left).date())
        key = LineKey(line.sku.sku_code, batch.batch_no if line.key.batch_no and batch else None)
        for pile in case.piles_of(line):
            pile.declared, pile.batch, pile.condition = key, batch, "near_expiry"
        case.lines[case.lines.index(line)] = replace(line, key=key, batch=batch)
        case.touched.add(key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, as soon as the units are seen."""
        seen = [pile for pile in case.seen_piles() if pile.condition == "near_expiry"]
        for line, qty in units_by_line(case, seen):
            yield self.line_row(case, line, qty)


FAULT = NearExpiry()
