"""How dirty the written papers are. A mess changes how a row is written, never what is true."""

from __future__ import annotations

from typing import Protocol

from rtv_cli.simulator.model import Return
from rtv_cli.simulator.sinks import Row


class Mess(Protocol):
    """Rewrites a row as a careless party would write it."""

    def rewritten(self, contract: str, party: str, row: Row, case: Return | None) -> Row:
        """The row as it is written down."""


class Tidy:
    """No mess: each row as it is."""

    def rewritten(self, contract: str, party: str, row: Row, case: Return | None) -> Row:
        """The row itself."""
        del contract, party, case
        return row
