"""A return for a reason that the contract does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class NotPermitted(Fault):
    """The platform sends back what it has no right to send back."""

    rule_code = "not_permitted"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Give a reason that is on no contract's list."""
        case.refused_reason = "customer_changed_mind"

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, worth what the manifest declares; it stands beside what befell the units."""
        if not case.refused_reason:
            return
        for line in case.lines:
            key = (case.platform.code, case.rtv_no, *line.key, None, None)
            value = line.declared_qty * line.price_minor
            yield Discrepancy(self.rule_code, *key, line.declared_qty, "platform", value)


FAULT = NotPermitted()
