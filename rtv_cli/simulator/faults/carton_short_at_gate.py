"""Cartons that the transporter says it delivered and the gate did not count."""

from __future__ import annotations

from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import CartonLoss
from rtv_cli.simulator.model import Leg, Return


class CartonShortAtGate(CartonLoss):
    """The gate counts fewer cartons than the delivery scan; it is remarked on the POD, or signed clean."""

    rule_code = "carton_short_at_gate"
    leg: Leg = "gate"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Lose cartons between truck and gate; `remarked` puts it on the POD."""
        super().inject(case, how, roll, world)
        if how == "remarked":
            case.pod_remark = "Short delivery, cartons missing, signed under protest"

    @override
    def liable(self, case: Return, world: World) -> tuple[str, str]:
        """Who signed clean answers; a remark turns it back to the transporter."""
        if case.pod_remark:
            return "transporter", case.transporter_code
        party_code = case.destination.party_code
        return world.party_role(party_code), party_code


FAULT = CartonShortAtGate()
