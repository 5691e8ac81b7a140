"""Cartons that the platform declared and never gave to the transporter."""

from __future__ import annotations

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import CartonLoss
from rtv_cli.simulator.model import Leg, Return


class CartonShortAtPickup(CartonLoss):
    """The pickup scan counts fewer cartons than the manifest."""

    rule_code = "carton_short_at_pickup"
    leg: Leg = "pickup"

    @override
    def liable(self, case: Return, world: World) -> tuple[str, str]:
        """The platform kept them."""
        return "platform", case.platform.code


FAULT = CartonShortAtPickup()
