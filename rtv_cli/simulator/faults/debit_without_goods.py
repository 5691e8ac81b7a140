"""A return that was written and never sent, mostly debited all the same."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.terms import claim_value


class DebitWithoutGoods(Fault):
    """No transporter, no gate and no bay ever saw it, and the pickup is overdue."""

    rule_code = "debit_without_goods"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Keep the goods with the platform; `undebited` leaves out the debit note."""
        case.is_debited = how != "undebited" and case.platform.ownership_model == "outright"
        for pile in case.piles:
            pile.lost_at = "unsent"

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row an RTV; worth nothing where nothing was debited."""
        unsent = [pile for pile in case.piles if pile.lost_at == "unsent"]
        if not unsent:
            return
        value = 0
        if case.is_debited:
            units = [(pile.sku, pile.qty) for pile in unsent if pile.sku]
            value = claim_value(case.platform, case.platform.code, self.rule_code, units)
        key = (case.platform.code, case.rtv_no, None, None, None, None)
        yield Discrepancy(self.rule_code, *key, sum(pile.qty for pile in unsent), "platform", value)


FAULT = DebitWithoutGoods()
