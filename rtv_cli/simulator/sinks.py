"""The files of a world, each in the format its party uses; written row by row, so memory stays bounded."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import orjson
import xlsxwriter

from rtv_cli.simulator.mess import Mess
from rtv_cli.simulator.papers.columns import COLUMNS, REMOVAL_REPORT

Row = Sequence[object]
LABEL = "synthetic"


class Sink(Protocol):
    """One file being written."""

    def write(self, row: Row) -> None:
        """Add one row, in the order of the columns, its label left out."""

    def close(self) -> None:
        """Finish the file."""


class DelimitedFile:
    """CSV, or TSV for the removal report."""

    def __init__(self, path: Path, columns: Sequence[str], delimiter: str = ",") -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=delimiter, lineterminator="\n")
        self._writer.writerow(columns)

    def write(self, row: Row) -> None:
        """Add one row."""
        self._writer.writerow((*row, "true"))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class JsonLinesFile:
    """One JSON object a line, blanks left out."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file: io.BufferedWriter = path.open("wb")
        self._columns = columns

    def write(self, row: Row) -> None:
        """Add one row."""
        record = zip(self._columns, (*row, True), strict=True)
        self.write_record({name: value for name, value in record if value not in (None, "")})

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Add one object as it is."""
        self._file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class WorkbookFile:
    """One sheet; every cell is text, so no identifier is read as a number."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
        self._book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC), "comments": "synthetic"})
        self._sheet = self._book.add_worksheet("data")
        self._next = 0
        self._write(columns)

    def _write(self, row: Row) -> None:
        for place, value in enumerate(row):
            if value not in (None, ""):
                self._sheet.write_string(self._next, place, str(value))
        self._next += 1

    def write(self, row: Row) -> None:
        """Add one row."""
        self._write((*row, "true"))

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class Inputs:
    """All input files of a world, one a contract and party, a new one after so many rows."""

    def __init__(
        self, folder: Path, rows_a_file: int, formats: Mapping[tuple[str, str], str], mess: Mess
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._rows_a_file = rows_a_file
        self._formats = formats
        self._mess = mess
        self._open: dict[tuple[str, str], Sink] = {}
        self._written: dict[tuple[str, str], int] = {}
        self.rows: dict[str, int] = {}
        self.paths: list[Path] = []

    def write(self, contract: str, party: str, row: Row) -> None:
        """Add a row to the file of this contract and party."""
        self._sink(contract, party).write(self._mess.row(contract, party, row))

    def write_record(self, contract: str, party: str, record: Mapping[str, Any]) -> None:
        """Add an object to the JSONL file of this contract and party."""
        sink = self._sink(contract, party)
        if not isinstance(sink, JsonLinesFile):
            raise TypeError(f"{contract} of {party} is not written as JSONL")
        sink.write_record(self._mess.record(contract, party, record))

    def _sink(self, contract: str, party: str) -> Sink:
        key = (contract, party)
        count = self._written.get(key, 0)
        if count and count % self._rows_a_file == 0:
            self._open.pop(key).close()
        self._written[key] = count + 1
        self.rows[contract] = self.rows.get(contract, 0) + 1
        if key not in self._open:
            self._open[key] = self._opened(contract, party, count // self._rows_a_file + 1)
        return self._open[key]

    def _opened(self, contract: str, party: str, part: int) -> Sink:
        kind = self._formats.get(key := (contract, party)) or self._formats.get((contract, "")) or "csv"
        suffix = "txt" if kind == "tsv" else kind
        path = self._folder / f"{contract}_{LABEL}_{key[1].lower()}_{part:03d}.{suffix}"
        self.paths.append(path)
        columns = COLUMNS[contract]
        if kind == "jsonl":
            return JsonLinesFile(path, columns)
        if kind == "xlsx":
            return WorkbookFile(path, columns)
        return DelimitedFile(path, columns, "\t" if kind == "tsv" else ",")

    def close(self) -> None:
        """Finish every file."""
        for sink in self._open.values():
            sink.close()
        self._open.clear()


def formats_of(*, is_large: bool) -> dict[tuple[str, str], str]:
    """Which party writes what in which format."""
    formats = {
        ("qc_captures", ""): "jsonl",
        ("rtv_manifests", "KIRNALOOP"): "jsonl",
        (REMOVAL_REPORT, ""): "tsv",
        ("nodes", ""): "xlsx",
    }
    if not is_large:
        formats |= {
            ("credit_notes", ""): "xlsx",
            ("rtv_manifests", "BIGORRA"): "xlsx",
            ("goods_receipts", "CFA-UTT"): "xlsx",
        }
    return formats
