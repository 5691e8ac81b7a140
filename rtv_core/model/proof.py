"""What a film proves, as read from its picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from rtv_core.model.clip import CodeSeen

Answer = Literal["yes", "no", "not_decided"]
Sighting = Literal["agreed", "scanned_never_seen", "seen_never_scanned"]
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


@dataclass(frozen=True, slots=True)
class ScannedItem:
    """One item as the operator's scanner read it."""

    item_no: int
    scanned_code: str
    sku_code: str | None = None


@dataclass(frozen=True, slots=True)
class CapturedFilm:
    """The film of one revision of a capture, and what its picture is asked."""

    tenant_code: str
    capture_id: str
    capture_file_id: int
    capture_row_no: int
    sha256: str
    object_key: str
    label: str
    """The AWB as scanned."""
    declared_seconds: float | None
    items: tuple[ScannedItem, ...]


@dataclass(frozen=True, slots=True)
class FilmCode:
    """One scanned item, or one code that belongs to none, held against the film; seconds from its start."""

    item_no: int | None
    sku_code: str | None
    code_text: str
    sighting: Sighting
    first_seconds: float | None
    last_seconds: float | None
    frame_count: int


@dataclass(frozen=True, slots=True)
class JudgedFilm:
    """What the film of a capture was found to prove, as kept: the three answers, and each item held to it."""

    capture_id: str
    sha256: str
    judge_method: str
    film_status: Literal["judged", "failed"]
    answers: dict[str, Fact]
    """By question: label_legible, one_take, sealed_until_opened."""
    codes: tuple[FilmCode, ...]
    judged_at: datetime
