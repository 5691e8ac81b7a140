"""What became of one attempt, and when the next one is due: pure decisions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=24)
MAX_ANSWER_CHARACTERS = 4000


class Effect(StrEnum):
    """What an attempt means for its message."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The outcome of one attempt: the other side's own words are kept."""

    effect: Effect
    answer: str
    status_code: int | None = None
    remote_reference: str | None = None
    retry_after: timedelta | None = None
    is_unreachable: bool = False
    """Nobody answered: further messages of the channel would fare no better in this round."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do with the message now: `at` says when to try again, `reason` why it is parked."""

    effect: Effect
    at: datetime | None = None
    reason: str | None = None


def delay_after(attempt_no: int, message_id: str) -> timedelta:
    """5 s, 20 s, 80 s … up to a day, spread by a tenth so that many messages do not return at once."""
    plain = min(FIRST_DELAY * int(4 ** min(attempt_no - 1, 12)), LONGEST_DELAY)
    spread = int(hashlib.sha256(f"{message_id}/{attempt_no}".encode()).hexdigest()[:4], 16) / 0xFFFF
    return plain * (0.95 + spread / 10)


def next_step(
    result: AttemptResult, *, attempt_no: int, max_attempts: int, message_id: str, now: datetime
) -> NextStep:
    """Sent, tried again later, or parked with the reason."""
    if result.effect is Effect.DELIVERED:
        return NextStep(Effect.DELIVERED)
    if result.effect is Effect.REFUSED:
        return NextStep(Effect.REFUSED, reason=_reason(result, "refused for good"))
    if attempt_no >= max_attempts:
        return NextStep(Effect.REFUSED, reason=_reason(result, f"{attempt_no} attempts failed"))
    delay = delay_after(attempt_no, message_id)
    if result.retry_after is not None:
        delay = max(delay, min(result.retry_after, LONGEST_DELAY))
    return NextStep(Effect.RETRY, at=now + delay)


def _reason(result: AttemptResult, what: str) -> str:
    code = f" (status {result.status_code})" if result.status_code is not None else ""
    return f"{what}{code}: {result.answer}"[:MAX_ANSWER_CHARACTERS]
