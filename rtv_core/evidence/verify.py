"""Judges a proof bundle, with the very program that every bundle carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.bundle_files import verify as verifier
from rtv_core.evidence.bundle_files.signed import Broken


class Outcome(StrEnum):
    """What can be said of a bundle."""

    PROVEN = verifier.PROVEN
    INTACT_UNKNOWN_SIGNER = verifier.UNKNOWN_SIGNER
    BROKEN = verifier.BROKEN


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one bundle, with what it rests on."""

    outcome: Outcome
    findings: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 proven, 3 intact but the signer is unknown, 1 broken."""
        return int(verifier.EXIT_CODES[self.outcome.value])


def judge_bundle(path: Path, trust_key: str | None = None) -> Verdict:
    """Check every byte of the bundle at `path`; `trust_key` is the hub's verifier key, got by another way.

    Raises `NotFound` when there is no such file, `InvalidInput` when the key is none.
    """
    try:
        with path.open("rb") as stream:
            outcome, findings, facts = verifier.examine(stream, trust_key)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFound(
            f"No bundle at {path}", remedy="Name the bundle's zip file.", code="BUNDLE_NOT_FOUND"
        ) from error
    except Broken as error:
        raise InvalidInput(
            "The key to trust is no verifier key",
            remedy="Give the line `<name>+<hash>+<key>`, or a file that holds it.",
            code="TRUST_KEY_INVALID",
        ) from error
    return Verdict(Outcome(outcome), tuple(findings), facts)
