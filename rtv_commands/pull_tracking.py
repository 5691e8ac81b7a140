"""Ask transporters where their open consignments are: in batches, at their pace, once a night."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from ingest.inbox import keep_payload
from ingest.ways.tracking_pull import ask
from rtv_core.errors import NotFound, RtvError
from rtv_core.identity import Actor, job
from rtv_core.objects.base import ObjectStore
from rtv_core.partner_settings import PullSettings
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.marts.awaited import awaited_awbs
from rtv_core.warehouse.marts.reading import reading

TIMEOUT_SECONDS = 30.0
# Longer than this nobody waits within one run: the rest is asked for in the next.
LONGEST_WAIT_SECONDS = 120
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class PullSummary:
    """What one transporter was asked and answered; `failure` is why it ended early."""

    name: str
    awbs: int
    requests: int
    file_ids: tuple[int, ...]
    awbs_left: int
    failure: RtvError | None = None


def pull_tracking(
    dsn: str,
    store: ObjectStore,
    pulls: Mapping[str, PullSettings],
    *,
    now: datetime,
    pause: Pause = time.sleep,
) -> list[PullSummary]:
    """Keep what every configured transporter answers for its awaited AWBs; one that fails holds up no other.

    An answer that was kept before, byte for byte, is a no-op.
    """
    with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
        return [_pull(dsn, store, client, name, pull, now=now, pause=pause) for name, pull in pulls.items()]


def _pull(
    dsn: str,
    store: ObjectStore,
    client: httpx.Client,
    name: str,
    pull: PullSettings,
    *,
    now: datetime,
    pause: Pause,
) -> PullSummary:
    awbs, kept, requests, failure = _awaited(dsn, pull, now), list[int](), 0, None
    place, actor = 0, job(f"pull:{name}", pull.tenant_code)
    try:
        while place < len(awbs):
            if requests:
                pause(60 / pull.requests_a_minute)
            answer = ask(client, name, pull, awbs[place : place + pull.awbs_a_request])
            requests += 1
            if answer.wait_seconds is None:
                kept.append(_keep(dsn, store, actor, answer.body, now))
                place += pull.awbs_a_request
            elif answer.wait_seconds > LONGEST_WAIT_SECONDS or requests > 3 * len(awbs):
                break
            else:
                pause(answer.wait_seconds)
    except RtvError as error:
        failure = error
    return PullSummary(name, len(awbs), requests, tuple(kept), max(len(awbs) - place, 0), failure)


def _awaited(dsn: str, pull: PullSettings, now: datetime) -> list[str]:
    since = now - timedelta(days=pull.days)
    try:
        with reading(dsn) as connection:
            return awaited_awbs(connection, pull.tenant_code, pull.transporter_code, since=since)
    except NotFound:
        # Before the first build nothing is awaited.
        return []


def _keep(dsn: str, store: ObjectStore, actor: Actor, body: bytes, now: datetime) -> int:
    name = actor.name.replace(":", "_")
    with connect(dsn, application_name="rtv-pull") as connection:
        return keep_payload(connection, store, body, name=name, way_in="pull", actor=actor, now=now).file_id
