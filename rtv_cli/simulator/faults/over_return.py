"""Units sent back that the platform never bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World, batch_of, price_of
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import LineKey, Return


class OverReturn(Fault):
    """More of an article comes back than was ever sold to the platform."""

    rule_code = "over_return"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Make one line an article that only this return knows, and sell fewer of it than come back."""
        line = case.untouched_lines()[0]
        sku = world.rare(case.brand_code)
        batch = batch_of(sku, (case.invoiced_at - timedelta(days=15)).date())
        key = LineKey(sku.sku_code, batch.batch_no if line.key.batch_no and batch else None)
        sold = line.declared_qty - between(roll, 1, max(1, line.declared_qty // 2))
        for pile in case.piles_of(line):
            pile.declared, pile.sku, pile.batch = key, sku, batch
        case.lines[case.lines.index(line)] = replace(
            line, key=key, sku=sku, batch=batch, price_minor=price_of(case.platform, sku), invoiced_qty=sold
        )
        case.touched.add(key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, worth what the manifest declares; it stands beside what befell the units."""
        for line in case.lines:
            over = line.declared_qty - line.invoiced_qty
            if over > 0:
                key = (case.platform.code, case.rtv_no, *line.key, None, None)
                yield Discrepancy(self.rule_code, *key, over, "platform", over * line.price_minor)


FAULT = OverReturn()
