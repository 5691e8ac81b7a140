"""A debit with another tax rate than the units were sold with."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class TaxVariance(Fault):
    """The platform debits a line with the rate of another kind of goods."""

    rule_code = "tax_variance"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Tax one line ten points too high."""
        line = roll.choice(case.lines)
        case.is_debited = True
        case.debit_tax_pct[line.key] = line.sku.gst_pct + 10

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a debit line, worth the tax debited beyond the right one, each half up."""
        for key, pct in case.debit_tax_pct.items():
            line = case.line_of(key)
            value = line.declared_qty * line.price_minor
            excess = (value * pct + 50) // 100 - (value * line.sku.gst_pct + 50) // 100
            names = (case.platform.code, case.rtv_no, key.sku_code, None, None, None)
            yield Discrepancy(self.rule_code, *names, line.declared_qty, "platform", excess)


FAULT = TaxVariance()
