"""Goods that waited for the transporter longer than agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.terms import PICKUP_DUE_DAYS


class PickupLate(Fault):
    """The return was written long before anybody came for it."""

    rule_code = "pickup_late"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Write the return earlier; everything else stays when it was."""
        case.created_at -= timedelta(days=PICKUP_DUE_DAYS)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment that was picked up after the days agreed."""
        is_late = case.picked_up_at > case.created_at + timedelta(days=PICKUP_DUE_DAYS)
        if case.is_announced and case.is_collected and is_late:
            yield self.alert_row(case, is_of_consignment=True)


FAULT = PickupLate()
