"""File name patterns of mappings: proposed from a name, refused when they would catch other files."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from ingest.contracts.registry import contracts
from rtv_core.errors import InvalidInput

_MIN_LETTERS = 3


def pattern_of(file_name: str) -> str:
    """The name with what changes from file to file (numbers, dates, copies) left open."""
    stem, dot, suffix = file_name.rpartition(".")
    if not dot:
        stem, suffix = file_name, ""
    loose = re.sub(r"[\[\]?]", "*", stem)
    opened = re.sub(r"[\s_.-]*\(?\d[\d\s_.:()TZ-]*", "*", loose)
    return re.sub(r"\*{2,}", "*", f"{opened}*") + (f".{suffix}" if dot else "")


def require_narrow(pattern: str) -> None:
    """Raise `InvalidInput` for a pattern that says too little or takes canonical files away."""
    stem = pattern.rpartition(".")[0] or pattern
    if sum(letter.isalnum() for letter in re.sub(r"\[[^\]]*\]", "", stem)) < _MIN_LETTERS:
        raise InvalidInput(
            f"The pattern {pattern!r} would fit almost any file",
            remedy="Give --pattern with the letters all files of this partner begin with: 'blinkit_*.csv'.",
            code="PATTERN_TOO_WIDE",
        )
    for name in contracts():
        plain = (
            f"{name}{date}.{suffix}" for date in ("", "_2026-11-01") for suffix in ("csv", "jsonl", "xlsx")
        )
        if any(fnmatchcase(canonical, pattern.casefold()) for canonical in plain):
            raise InvalidInput(
                f"The pattern {pattern!r} would take canonical files of {name} away",
                remedy="Give --pattern with letters that only this partner's files have: 'blinkit_*.csv'.",
                code="PATTERN_TOO_WIDE",
            )
