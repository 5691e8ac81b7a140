"""A debit above the price at which the units were sold."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class PriceVariance(Fault):
    """The platform debits a line at a price of its own."""

    rule_code = "price_variance"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Debit one line too high."""
        line = roll.choice(case.lines)
        case.is_debited = True
        case.debit_surcharge_minor[line.key] = between(roll, 1, 25) * 100

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a debit line, worth the differences without tax."""
        for key, surcharge_minor in case.debit_surcharge_minor.items():
            qty = case.line_of(key).declared_qty
            names = (case.platform.code, case.rtv_no, key.sku_code, None, None, None)
            yield Discrepancy(self.rule_code, *names, qty, "platform", qty * surcharge_minor)


FAULT = PriceVariance()
