"""A consignment whose seal was broken on the road."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class SealBroken(Fault):
    """The gate finds the seal broken; nothing is missing."""

    rule_code = "seal_broken"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Break it between pickup and gate."""
        case.is_seal_broken = True

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment at the gate, without a value."""
        if case.is_seal_broken and case.is_at_gate:
            key = (case.platform.code, case.rtv_no, None, None, case.transporter_code, case.awb_no)
            yield Discrepancy(self.rule_code, *key, 1, "transporter", None)


FAULT = SealBroken()
