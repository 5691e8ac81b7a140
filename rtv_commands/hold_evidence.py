"""Holds the evidence of open claims in the store, and lets it go when they are over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from rtv_core.errors import NotFound, NotPermitted
from rtv_core.identity import Actor, Role
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import retention_store
from rtv_core.warehouse.connection import connect


@dataclass(slots=True)
class HoldSummary:
    """What one run did; `refused` objects are not there, or the store cannot hold them."""

    held: int = 0
    let_go: int = 0
    refused: int = 0

    def counts(self) -> dict[str, int]:
        """The figures as a dict."""
        return asdict(self)


def hold_evidence(dsn: str, store: ObjectStore, *, actor: Actor, now: datetime) -> HoldSummary:
    """Place and end legal holds so that exactly the objects of open claims are held."""
    actor.require(Role.CLAIMS, Role.MACHINE)
    summary = HoldSummary()
    # Each hold is a transaction of its own: a store that fails half-way undoes none of the record before.
    with connect(dsn, autocommit=True, application_name="rtv-hold") as connection:
        needed = retention_store.objects_on_open_claims(connection)
        held = retention_store.objects_held(connection)
        for key in sorted(needed.keys() - held.keys()):
            try:
                store.hold(key)
            except (NotFound, NotPermitted):
                summary.refused += 1
                continue
            with connection.transaction():
                retention_store.record_hold(connection, needed[key], key, actor, now)
            summary.held += 1
        for key in sorted(held.keys() - needed.keys()):
            try:
                store.let_go(key)
            except NotFound:
                # The store lost it: there is nothing left to hold, and the trail says since when.
                summary.refused += 1
            with connection.transaction():
                retention_store.record_let_go(connection, held[key], key, actor, now)
            summary.let_go += 1
    return summary
