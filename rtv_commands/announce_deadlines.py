"""Announces each deadline that comes near, once, as a message in the outbox."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.deadline_store import deadlines_between

NEAR_DAYS = 3


@dataclass(frozen=True, slots=True)
class Announced:
    """What one run found."""

    deadlines_near: int

    def counts(self) -> dict[str, int]:
        """The figures as a dict."""
        return asdict(self)


def announce_deadlines(dsn: str, *, now: datetime) -> Announced:
    """Put one `deadline.near` message a deadline due within three days into the outbox.

    The same deadline with the same due time is announced once; a moved one is announced again.
    """
    with connect(dsn, application_name="rtv-deadlines") as connection:
        near = deadlines_between(connection, now, now + timedelta(days=NEAR_DAYS))
        for deadline in near:
            due_at = deadline["due_at"].isoformat()
            enqueue(
                connection,
                tenant_code=deadline["tenant_code"],
                topic="deadline.near",
                channel="webhook",
                subject_key=f"{deadline['deadline_key']}@{due_at}",
                payload={**deadline, "due_at": due_at},
                now=now,
            )
    return Announced(len(near))
