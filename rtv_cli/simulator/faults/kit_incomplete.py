"""Kits that come back without one of their components."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.terms import claim_value


class KitIncomplete(Fault):
    """Somebody kept a part of the hamper."""

    rule_code = "kit_incomplete"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Take one component out of a part of one line's kits."""
        lines = [line for line in case.untouched_lines() if line.sku.is_kit]
        if lines:
            part = some_of(case, lines[0], roll)
            part.condition = "incomplete"
            part.missing_components = ((roll.choice(world.components(lines[0].sku))[0].sku_code, 1),)
            case.touched.add(lines[0].key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, worth the missing component's share of the kit by MRP."""
        for pile in case.seen_piles():
            if pile.condition != "incomplete" or pile.declared is None:
                continue
            line = case.line_of(pile.declared)
            parts = world.components(line.sku)
            whole = sum(sku.mrp_minor * qty for sku, qty in parts)
            prices = {sku.sku_code: sku.mrp_minor for sku, _ in parts}
            share = Fraction(sum(prices[code] * qty for code, qty in pile.missing_components), whole)
            units = [(line.sku, pile.qty)]
            value = claim_value(case.platform, case.platform.code, self.rule_code, units, share)
            key = (case.platform.code, case.rtv_no, line.key.sku_code, line.key.batch_no, None, None)
            yield Discrepancy(self.rule_code, *key, pile.qty, "platform", value)


FAULT = KitIncomplete()
