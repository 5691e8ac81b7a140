"""The page that says how the real files of others are read: source, sample, rows, result."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from ingest.opening import open_file
from rtv_commands.read import Reading, read_file
from rtv_core.errors import InvalidInput

# Beside the checkout; nothing of it is part of the project.
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
_FOLDERS = ("amazon", "edi", "epcis", "messy")
_READ = (".csv", ".edi", ".jsonld", ".xml", ".xlsx", ".txt")
_ROW_OF_SOURCES = re.compile(
    r"^\| (?P<folder>[\w/-]+)/?[^|]*\| (?P<source>[^|]+?) \| (?P<licence>[^|]+?) \|", re.M
)
_HEAD = """# How the samples of others are read

Real files that others published, read as intake reads them, without a warehouse. Cells of Amazon's samples
repeat the names of their columns, so that numbers and codes in them are refused as they should be. Made by
`make docs` where the samples lie beside the checkout.

| source | sample | format | read as | rows | sound | refused | result |
|---|---|---|---|---|---|---|---|
"""


def samples_page(folder: Path) -> str:
    """The page over the samples of a folder, in the order of their names."""
    sources = _sources(folder / "SOURCES.md")
    rows = [
        _row(sources.get(path.relative_to(folder).parts[0], ""), path, path.relative_to(folder).as_posix())
        for name in _FOLDERS
        for path in sorted((folder / name).rglob("*"))
        if path.suffix in _READ and path.is_file()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _sources(path: Path) -> dict[str, str]:
    """Where each folder's files come from, and under which licence."""
    text = path.read_text(encoding="utf-8")
    return {
        found["folder"].split("/")[0]: f"{found['source']} ({found['licence']})"
        for found in _ROW_OF_SOURCES.finditer(text)
    }


def _row(source: str, path: Path, name: str) -> str:
    try:
        told = _told(read_file(path), path)
    except InvalidInput as error:
        told = ("", "nothing", "", "", "", f"{error.code}: {error.fact}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (source, f"`{name}`", *told)) + " |"


def _told(reading: Reading, path: Path) -> tuple[str, ...]:
    if reading.error:
        rows = sum(
            batch.row_count for table in open_file(path, path.name).tables for batch in table.batches()
        )
        code, fact = str(reading.error["code"]), str(reading.error["fact"])
        if code == "CONTRACT_UNKNOWN":
            fact = "read as it stands; no source claims it"
        return reading.format_name, "no contract", str(rows), "", "", f"{code}: {fact}"
    refusals = Counter(reading.refusals)
    said = ", ".join(f"{code} × {count}" for code, count in sorted(refusals.items())) or "all sound"
    return (
        reading.format_name,
        f"{reading.source_name}: {reading.contract_name}",
        str(reading.rows_in),
        str(reading.rows_sound),
        str(reading.rows_refused),
        said if reading.rows_in else "no rows of a return in it",
    )
