"""Judges what the film of an unboxing proves."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from rtv_core.errors import NotFound
from rtv_core.evidence.proof_facts import proof_facts
from rtv_core.evidence.watching import watch_film
from rtv_core.model.proof import ProofFacts


def judge_film(
    path: Path,
    *,
    label: str | None = None,
    scanned: Collection[str] = (),
    declared_seconds: float | None = None,
) -> ProofFacts:
    """Watch a film once and answer what it proves, from its picture alone.

    Raises `NotFound` without a file, `InvalidInput` when it is no film of an unboxing.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}", remedy="Check the path.", code="FILE_NOT_FOUND")
    return proof_facts(watch_film(path), label=label, scanned=scanned, declared_seconds=declared_seconds)
