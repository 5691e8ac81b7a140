"""Reads the codes in a film or picture."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from rtv_core.errors import NotFound
from rtv_core.evidence import barcodes
from rtv_core.model.clip import CodeSeen


def scan_codes(
    path: Path, *, expected: Collection[str] = (), samples_per_second: float = barcodes.SAMPLES_PER_SECOND
) -> list[CodeSeen]:
    """The codes in a film or picture with their times; `expected` ones count on a single frame."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}", remedy="Check the path.", code="FILE_NOT_FOUND")
    return barcodes.scan_codes(path, expected=expected, samples_per_second=samples_per_second)
