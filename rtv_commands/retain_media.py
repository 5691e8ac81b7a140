"""Removes evidence whose retention has ended and that no open claim needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from rtv_core.errors import NotPermitted
from rtv_core.identity import Actor
from rtv_core.objects import ObjectStore
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.retention_store import expired_clips, record_removal


@dataclass(frozen=True, slots=True)
class RetentionSummary:
    """What one run did."""

    clips_removed: int
    clips_locked: int

    def counts(self) -> dict[str, int]:
        """The figures as a dict."""
        return asdict(self)


def retain_media(
    dsn: str, store: ObjectStore, *, retention_days: int, actor: Actor, now: datetime
) -> RetentionSummary:
    """Remove each expired clip's object and write who removed it; what the store still locks stays.

    A clip on a claim that is not closed is never touched. The seal log keeps its entry, so that it
    can still be shown that the clip existed.
    """
    removed = locked = 0
    with connect(dsn, application_name="rtv-retain") as connection:
        for clip in expired_clips(connection, now - timedelta(days=retention_days)):
            try:
                store.delete(clip["object_key"])
            except NotPermitted:
                locked += 1
                continue
            record_removal(connection, clip, actor, now)
            removed += 1
    return RetentionSummary(removed, locked)
