"""What a film proves, as read from its picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rtv_core.model.clip import CodeSeen

Answer = Literal["yes", "no", "not_decided"]
BreakKind = Literal[
    "join", "other_encoding", "hole", "frozen", "repeated", "pace_changed", "retimed", "damaged"
]


@dataclass(frozen=True, slots=True)
class Break:
    """A place at which a film is not, or may not be, one take; seconds from its start."""

    kind: BreakKind
    at_seconds: float
    until_seconds: float
    reason: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer, why, and when in the film; seconds from its start."""

    answer: Answer
    reason: str
    at_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What a film of an unboxing proves. Nothing in it rests on what a person ticked."""

    method: str
    seconds: float
    frames: int
    label_legible: Fact
    one_take: Fact
    sealed_until_opened: Fact
    items_seen: dict[str, Fact]
    breaks: tuple[Break, ...]
    codes: tuple[CodeSeen, ...]
    scanned_never_seen: tuple[str, ...] = ()
    seen_never_scanned: tuple[str, ...] = ()
    format: str = field(default="rtv-proof/1")

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)
