"""Sends every message that is due; one row an attempt, parked with the reason when it is of no use."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import httpx

from rtv_core.errors import ConfigurationError
from rtv_core.outbound.attempt import AttemptResult, Effect, next_step
from rtv_core.outbound.webhook import post_webhook, signer
from rtv_core.settings import Settings
from rtv_core.warehouse import outbox_store
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.outbox_store import Message

Sender = Callable[[Message], AttemptResult]


@dataclass(slots=True)
class Sent:
    """What a round of sending did; `not_configured` counts due messages whose channel has no receiver."""

    sent: int = 0
    postponed: int = 0
    parked: int = 0
    not_configured: int = 0

    def counts(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


def send_outbound(dsn: str, settings: Settings, now: datetime, *, max_messages: int = 10_000) -> Sent:
    """Try each due message once; a channel that nobody answers on is left for the next round.

    Others may run at the same time: a message has one sender at a time.
    The message is locked while it is sent: a sender that dies leaves it due, and the receiver knows
    the second attempt by its id.
    """
    done = Sent()
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    with ExitStack() as stack:
        senders = _senders(settings, stack, clock)
        with connect(dsn, application_name="rtv-outbound") as connection:
            for channel in outbox_store.CHANNELS:
                if channel not in senders:
                    done.not_configured += outbox_store.count_due(connection, channel, now)
        last_id = 0
        for _ in range(max_messages):
            sent_id = (
                _send_next(dsn, senders, settings, done, clock=clock, last_id=last_id) if senders else None
            )
            if sent_id is None:
                break
            last_id = sent_id
    return done


def _senders(settings: Settings, stack: ExitStack, clock: Callable[[], datetime]) -> dict[str, Sender]:
    outbound = settings.outbound
    senders: dict[str, Sender] = {}
    if outbound.webhook_url:
        if outbound.webhook_secret is None:
            raise ConfigurationError(
                "A webhook receiver is set, but no secret to sign with",
                remedy="Set RTV_OUTBOUND__WEBHOOK_SECRET; messages are never sent unsigned.",
                code="WEBHOOK_SECRET_UNSET",
            )
        url, webhook = outbound.webhook_url, signer(outbound.webhook_secret.get_secret_value())
        client = stack.enter_context(
            httpx.Client(timeout=outbound.timeout_seconds, follow_redirects=False, trust_env=False)
        )
        senders["webhook"] = lambda message: post_webhook(client, url, webhook, message, clock())
    if outbound.erp_kind == "tryton":
        from rtv_core.outbound.erp.tryton import open_tryton, post_credit_note

        erp = stack.enter_context(open_tryton(outbound))
        senders["erp"] = lambda message: post_credit_note(erp, message)
    return senders


def _send_next(
    dsn: str,
    senders: dict[str, Sender],
    settings: Settings,
    done: Sent,
    *,
    clock: Callable[[], datetime],
    last_id: int,
) -> int | None:
    with connect(dsn, application_name="rtv-outbound") as connection:
        started_at = clock()
        message = outbox_store.lock_next_due(connection, sorted(senders), started_at, last_id)
        if message is None:
            return None
        result = senders[message.channel](message)
        finished_at = clock()
        outbox_store.record_attempt(
            connection,
            message,
            started_at=started_at,
            finished_at=finished_at,
            is_success=result.effect is Effect.DELIVERED,
            status_code=result.status_code,
            answer=result.answer,
            remote_reference=result.remote_reference,
        )
        step = next_step(
            result,
            attempt_no=message.attempt_count + 1,
            max_attempts=settings.outbound.max_attempts,
            message_id=message.message_id,
            now=finished_at,
        )
        if result.is_unreachable:
            del senders[message.channel]
        if step.effect is Effect.DELIVERED:
            outbox_store.mark_sent(connection, message, finished_at)
            done.sent += 1
        elif step.at is not None:
            outbox_store.postpone(connection, message, step.at)
            done.postponed += 1
        else:
            outbox_store.mark_parked(connection, message, step.reason or "")
            done.parked += 1
    return message.outbox_id
