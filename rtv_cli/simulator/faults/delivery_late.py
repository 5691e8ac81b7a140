"""Goods that were on their way longer than agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.terms import DELIVERY_DUE_DAYS


class DeliveryLate(Fault):
    """The transporter took its time; all that follows at the gate and in the bay is later too."""

    rule_code = "delivery_late"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Put off delivery, handover and opening alike."""
        delay = timedelta(days=DELIVERY_DUE_DAYS - 1)
        case.delivered_at += delay
        case.handover_at += delay
        case.opened_at += delay

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment on its way for longer than the days agreed; a lost one is not late."""
        if not (case.is_announced and case.is_collected) or case.is_lost:
            return
        until = case.delivered_at if case.is_at_gate else world.as_of
        if until > case.picked_up_at + timedelta(days=DELIVERY_DUE_DAYS):
            yield self.alert_row(case, is_of_consignment=True)


FAULT = DeliveryLate()
