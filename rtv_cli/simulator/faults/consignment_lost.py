"""A consignment that was picked up and never seen again."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.terms import claim_value


class ConsignmentLost(Fault):
    """No delivery, no gate and no bay, long after the pickup."""

    rule_code = "consignment_lost"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Let it vanish."""
        case.is_lost = True

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment: its cartons, worth all units in them."""
        if not case.is_lost:
            return
        units = [(pile.sku, pile.qty) for pile in case.piles if pile.sku]
        value = claim_value(case.platform, case.transporter_code, self.rule_code, units)
        key = (case.platform.code, case.rtv_no, None, None, case.transporter_code, case.awb_no)
        yield Discrepancy(self.rule_code, *key, len(case.declared_cartons), "transporter", value)


FAULT = ConsignmentLost()
