"""Units whose date was over before the transporter came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World, batch_of
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault, units_by_line
from rtv_cli.simulator.model import Line, LineKey, Return


class Expired(Fault):
    """A whole line is of a batch that the platform let run out."""

    rule_code = "expired"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Make one line's batch an old one; `by_rate` perhaps none."""
        lines = [line for line in case.untouched_lines() if line.batch]
        if how == "by_rate":
            lines = [line for line in lines if roll.random() < world.size.rates.expired_line]
        if lines:
            self._age(case, lines[0], roll)

    def _age(self, case: Return, line: Line, roll: Random) -> None:
        age = timedelta(days=(line.sku.shelf_life_days or 0) + between(roll, 3, 20))
        batch = batch_of(line.sku, (case.picked_up_at - age).date())
        is_named = line.key.batch_no is not None and batch is not None
        key = LineKey(line.sku.sku_code, batch.batch_no if is_named and batch else None)
        for pile in case.piles_of(line):
            pile.declared, pile.batch, pile.condition = key, batch, "expired"
        case.lines[case.lines.index(line)] = replace(line, key=key, batch=batch)
        case.touched.add(key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, as soon as the units are seen."""
        seen = [pile for pile in case.seen_piles() if pile.condition == "expired"]
        for line, qty in units_by_line(case, seen):
            yield self.line_row(case, line, qty)


FAULT = Expired()
