"""A return that the platform wrote twice, under two numbers."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class DuplicateManifest(Fault):
    """The same lines on the same consignment, an hour later, and nothing debited on them."""

    rule_code = "duplicate_manifest"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Write it again."""
        case.repeated_as = f"{case.rtv_no}R"

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row for the later document, worth nothing while nothing is debited on it."""
        if case.repeated_as:
            key = (case.platform.code, case.repeated_as, None, None, None, None)
            declared = sum(line.declared_qty for line in case.lines)
            yield Discrepancy(self.rule_code, *key, declared, "platform", 0)


FAULT = DuplicateManifest()
