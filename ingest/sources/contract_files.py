"""Tells files of the canonical contracts from partners' files, by name and by columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from ingest.contracts.registry import contracts
from ingest.readers.table import normal_form


def is_of_a_contract(file_name: str, header: Iterable[str]) -> bool:
    """Whether a file's name starts with a contract's, or its columns are all that a contract requires."""
    stem = PurePath(file_name).name.lower()
    if any(stem.startswith(name) for name in contracts()):
        return True
    there = {normal_form(name) for name in header}
    return any(
        there >= {entry.name for entry in found.fields if entry.required} for found in contracts().values()
    )
