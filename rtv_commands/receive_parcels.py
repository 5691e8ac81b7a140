"""Receive what waits at the partners' doors; each parcel leaves its door only after the inbox has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from ingest.inbox import MAX_FILE_BYTES, ReceivedFile, keep
from ingest.ways.parcels import Parcel, RefusedParcel, WayIn
from rtv_core.errors import InvalidInput, NotPermitted, RtvError
from rtv_core.identity import Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class ParcelSummary:
    """What one look at one door did; `failure` is why it ended early, with what was received until then."""

    way_in: str
    received: tuple[ReceivedFile, ...]
    refused: tuple[RefusedParcel, ...]
    still_growing: tuple[str, ...]
    failure: RtvError | None = None


@dataclass(slots=True)
class _Keeper:
    dsn: str
    store: ObjectStore
    actor: Actor
    now: datetime
    max_bytes: int
    received: list[ReceivedFile]
    refused: list[RefusedParcel]

    def take(self, way: WayIn, parcel: Parcel) -> None:
        """Keep every file of a parcel, each in its own transaction, then let go of the parcel.

        What the door refuses of one parcel keeps no other parcel waiting.
        """
        outcomes: list[bool] = []
        with closing(way.contents(parcel)) as contents:
            while True:
                try:
                    found = next(contents, None)
                except NotPermitted as error:
                    self._refuse(parcel, error.fact)
                    return
                except InvalidInput as error:
                    self._refuse(parcel, error.fact)
                    outcomes.append(False)
                    break
                if found is None:
                    break
                outcomes.append(self._keep(way, parcel, *found))
        try:
            if not all(outcomes):
                way.set_aside(parcel)
            elif outcomes:
                way.let_go(parcel)
        except NotPermitted as error:
            said = "it is kept" if all(outcomes) else "it is not kept whole"
            self._refuse(parcel, f"{said}, but may not be taken away from there: {error.fact}")

    def _refuse(self, parcel: Parcel, reason: str) -> None:
        self.refused.append(RefusedParcel(parcel.place, reason))

    def _keep(self, way: WayIn, parcel: Parcel, file_name: str, stream: BinaryIO) -> bool:
        try:
            with connect(self.dsn, application_name="rtv-receive") as connection:
                kept = keep(
                    connection,
                    self.store,
                    stream,
                    file_name=file_name,
                    way_in=way.name,
                    actor=replace(self.actor, tenant_code=parcel.tenant_code),
                    now=self.now,
                    max_bytes=self.max_bytes,
                )
        except InvalidInput as error:
            self._refuse(parcel, error.fact)
            return False
        self.received.append(kept)
        return True


def receive_parcels(
    dsn: str,
    store: ObjectStore,
    ways: Iterable[WayIn],
    *,
    actor: Actor,
    now: datetime,
    max_bytes: int = MAX_FILE_BYTES,
    wait: Callable[[float], None] = time.sleep,
) -> list[ParcelSummary]:
    """Look at each door once and keep what waits there. The tenant is the parcel's, whoever the actor is.

    A door that fails does not keep the others shut: its summary carries the failure.
    """
    return [_receive(_Keeper(dsn, store, actor, now, max_bytes, [], []), way, wait) for way in ways]


def _receive(keeper: _Keeper, way: WayIn, wait: Callable[[float], None]) -> ParcelSummary:
    growing: tuple[str, ...] = ()
    failure: RtvError | None = None
    try:
        with way:
            whole, growing = _settled(keeper, way, wait)
            for parcel in whole:
                keeper.take(way, parcel)
    except RtvError as error:
        failure = error
    return ParcelSummary(way.name, tuple(keeper.received), tuple(keeper.refused), growing, failure)


def _settled(
    keeper: _Keeper, way: WayIn, wait: Callable[[float], None]
) -> tuple[list[Parcel], tuple[str, ...]]:
    """What stood unchanged for the door's time, and the places of what did not."""
    seen = way.look()
    whole = list(seen.waiting)
    growing: tuple[str, ...] = ()
    if whole and way.settle_seconds:
        wait(way.settle_seconds)
        before = set(whole)
        seen = way.look()
        whole = [parcel for parcel in seen.waiting if parcel in before]
        growing = tuple(parcel.place for parcel in seen.waiting if parcel not in before)
    keeper.refused.extend(seen.refused)
    return whole, growing
