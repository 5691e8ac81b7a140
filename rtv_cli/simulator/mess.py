"""How dirty the written papers are. A mess changes how a row is written, never what is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Mess(Protocol):
    """Rewrites what a party writes as a careless one would."""

    def row(self, contract: str, party: str, row: Sequence[object]) -> Sequence[object]:
        """A row of a table as it is written down, in the order of its columns."""

    def record(self, contract: str, party: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """A nested record as it is written down."""


class Tidy:
    """No mess: everything as it is."""

    def row(self, contract: str, party: str, row: Sequence[object]) -> Sequence[object]:
        """The row itself."""
        del contract, party
        return row

    def record(self, contract: str, party: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The record itself."""
        del contract, party
        return record
