"""How dirty the written papers are. A mess changes how a row is written, never what is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Protocol

from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.papers.columns import COLUMNS

# The parties of a consignment who write its number down by hand or from a label of their own.
_ALIASED = ("gate_receipts", "qc_captures", "transporter_events", "documents", "goods_receipts")
# The zone in which ruling 10 reads a naive time is the one in which these papers are written.
_NAIVE_TIMES = {
    "rtv_manifests": "created_at",
    "transporter_events": "event_at",
    "gate_receipts": "handover_at",
}
_SPARED = 3


class Mess(Protocol):
    """Rewrites what a party writes as a careless one would."""

    def row(self, contract: str, party: str, row: Sequence[object]) -> Sequence[object]:
        """A row of a table as it is written down, in the order of its columns."""

    def record(self, contract: str, party: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """A nested record as it is written down."""

    def files(self, paths: Sequence[Path]) -> list[Path]:
        """The files as they arrive, in the order in which they come."""


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

    def files(self, paths: Sequence[Path]) -> list[Path]:
        """The files themselves."""
        return list(paths)


class Careless:
    """Consignment numbers as people write them, times without a zone, and files as `scatter` leaves them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._roll = dice(seed, "mess")
        self._declared: set[str] = set()
        self._written: set[tuple[bool, str]] = set()

    def row(self, contract: str, party: str, row: Sequence[object]) -> Sequence[object]:
        """The row with its AWB written another way, or its time without a zone, by chance."""
        written = list(row)
        names = COLUMNS[contract]
        if contract == "rtv_manifests":
            self._declared.add(str(written[names.index("awb_no")]))
        if contract in _ALIASED:
            place = names.index("awb_no")
            written[place] = self._awb(contract, str(written[place]))
        column = _NAIVE_TIMES.get(contract)
        if column and dice(self._seed, "naive", contract, party).random() < 1 / _SPARED:
            place = names.index(column)
            written[place] = _naive(str(written[place]))
        return written

    def record(self, contract: str, party: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The record with its AWB written another way, by chance."""
        del party
        if contract not in _ALIASED or not record.get("awb_no"):
            return record
        return {**record, "awb_no": self._awb(contract, str(record["awb_no"]))}

    def _awb(self, contract: str, awb_no: str) -> str:
        """The number another way, by chance.

        What no manifest names is named as its transporter writes it, else as others do: the first of each
        copies it as it is printed, or nobody could know it.
        """
        writer = (contract == "transporter_events", awb_no)
        is_known = awb_no in self._declared or writer in self._written
        self._written.add(writer)
        written = respelled(awb_no, self._roll)
        return written if is_known else awb_no

    def files(self, paths: Sequence[Path]) -> list[Path]:
        """The files, scattered."""
        from rtv_cli.simulator.scatter import scatter

        return scatter(paths, self._seed)


def respelled(awb_no: str, roll: Random) -> str:
    """An AWB in small letters, in groups, or with one character behind it (ruling 17); often as it is."""
    way = roll.random()
    if way < 0.6 or not awb_no:
        return awb_no
    if way < 0.7:
        return awb_no.lower()
    if way < 0.8:
        return f" {awb_no[:3]} {awb_no[3:7]}-{awb_no[7:]}"
    if way < 0.9:
        return f"{awb_no[:4]}/{awb_no[4:]}"
    return f"{awb_no}{roll.randint(0, 9)}"


def _naive(written: str) -> str:
    return datetime.fromisoformat(written).replace(tzinfo=None).isoformat() if written else written
