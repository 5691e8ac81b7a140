"""Cartons that the transporter took and did not deliver."""

from __future__ import annotations

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import CartonLoss
from rtv_cli.simulator.model import Leg, Return


class CartonLostInTransit(CartonLoss):
    """The delivery scan counts fewer cartons than the pickup scan."""

    rule_code = "carton_lost_in_transit"
    leg: Leg = "transit"

    @override
    def liable(self, case: Return, world: World) -> tuple[str, str]:
        """The transporter had them."""
        return "transporter", case.transporter_code


FAULT = CartonLostInTransit()
