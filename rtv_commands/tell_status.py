"""Tells the outside which consignments changed: a log that anybody may pull, and signed webhooks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.status_store import note_status_changes

TOPIC = "consignment.status"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """What one run told."""

    changes: int
    messages: int

    def counts(self) -> dict[str, int]:
        """The figures as a dict."""
        return asdict(self)


def tell_status(dsn: str, *, push: bool, now: datetime) -> Told:
    """Note each consignment whose status changed since it was told last; with `push`, one message for each.

    Log and outbox are written together, so both tell the same, once. Without a receiver nothing is pushed:
    who comes later pulls what was before.
    """
    changes = messages = 0
    while True:
        with connect(dsn, application_name="rtv-status") as connection:
            batch = note_status_changes(connection, now=now, limit=_BATCH)
            for change in batch if push else ():
                enqueue(
                    connection,
                    tenant_code=change.tenant_code,
                    topic=TOPIC,
                    channel="webhook",
                    subject_key=f"{change.consignment_key}@{change.status_change_id}",
                    payload={
                        "cursor": change.status_change_id,
                        "consignment_key": change.consignment_key,
                        "changed_at": change.changed_at.isoformat(),
                        **change.consignment_status,
                    },
                    now=now,
                )
                messages += 1
        changes += len(batch)
        if len(batch) < _BATCH:
            return Told(changes, messages)
