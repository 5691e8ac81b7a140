"""Reads a report as intake would and gives its sound rows by contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.judging import judged_batches
from ingest.opening import open_file
from ingest.recognition import default_settings, recognise

Told = dict[str, list[dict[str, str]]]


def reported(path: Path, **settings: Any) -> tuple[Told, list[str]]:
    """The sound rows of a file by contract, blank fields left out, and the codes of what was refused."""
    found = recognise(path.name, open_file(path, path.name))
    told: Told = {}
    refused: list[str] = []
    for part in found.parts:
        rows = told.setdefault(part.recognition.contract_name, [])
        known = {**default_settings(found.source_name), **settings}
        for _, judged in judged_batches(part.table, part.recognition, known):
            refused += [f"{row.column_name}: {row.code}" for row in judged.rejected]
            values = zip(*(column.to_pylist() for column in judged.columns.values()), strict=True)
            rows.extend(
                {name: str(value) for name, value in zip(judged.columns, row, strict=True) if value}
                for row in values
            )
    return told, refused


def written(path: Path, header: str, *rows: str, separator: str = "\t") -> Path:
    """A report of these rows; cells are parted by `|` here."""
    lines = [separator.join(line.split("|")) for line in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
