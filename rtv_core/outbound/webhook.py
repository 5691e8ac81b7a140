"""Sends one message as a signed webhook: Standard Webhooks headers around a CloudEvents body."""

from __future__ import annotations

import binascii
import json
from datetime import datetime, timedelta
from typing import Any

import httpx
from standardwebhooks import Webhook

from rtv_core.errors import ConfigurationError
from rtv_core.outbound.attempt import MAX_ANSWER_CHARACTERS, AttemptResult, Effect
from rtv_core.warehouse.outbox_store import Message

MAX_ANSWER_BYTES = 64 * 1024
_GONE = 410


def cloud_event(message: Message) -> bytes:
    """The body: a CloudEvents 1.0 event in structured mode, the same bytes on every attempt."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": message.message_id,
        "source": f"/rtv-hub/{message.tenant_code}",
        "type": f"rtv-hub.{message.topic}",
        "subject": message.subject_key,
        "time": message.created_at.isoformat(),
        "datacontenttype": "application/json",
        "data": message.payload,
    }
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signer(secret: str) -> Webhook:
    """The signer of a Standard Webhooks secret; `ConfigurationError` when it is none."""
    try:
        return Webhook(secret)
    except (binascii.Error, RuntimeError, ValueError) as error:
        raise ConfigurationError(
            "The webhook secret cannot be read",
            remedy="Set RTV_OUTBOUND__WEBHOOK_SECRET to whsec_ and base64 of at least 24 random bytes.",
            code="WEBHOOK_SECRET_INVALID",
        ) from error


def signed_headers(webhook: Webhook, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that a receiver checks before it reads the body."""
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "rtv-hub",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(message_id, now, body.decode()),
    }


def post_webhook(
    client: httpx.Client, url: str, webhook: Webhook, message: Message, now: datetime
) -> AttemptResult:
    """One attempt. Redirects are not followed; at most 64 KiB of the answer are read."""
    body = cloud_event(message)
    headers = signed_headers(webhook, message.message_id, body, now)
    try:
        with client.stream("POST", url, content=body, headers=headers) as response:
            answer = _read_answer(response)
            return _judge(response, answer)
    except httpx.InvalidURL as error:
        return AttemptResult(Effect.REFUSED, f"the receiver's address is wrong: {error}")
    except httpx.HTTPError as error:
        words = f"{type(error).__name__}: {error}"[:MAX_ANSWER_CHARACTERS]
        return AttemptResult(Effect.RETRY, words, is_unreachable=True)


def _read_answer(response: httpx.Response) -> str:
    kept = bytearray()
    for chunk in response.iter_raw(8192):
        kept += chunk
        if len(kept) >= MAX_ANSWER_BYTES:
            break
    return bytes(kept[:MAX_ANSWER_BYTES]).decode("utf-8", "replace")[:MAX_ANSWER_CHARACTERS]


def _judge(response: httpx.Response, answer: str) -> AttemptResult:
    code = response.status_code
    if response.is_success:
        return AttemptResult(Effect.DELIVERED, answer, code)
    if code == _GONE:
        return AttemptResult(Effect.REFUSED, answer or "the receiver is gone", code)
    if response.is_redirect:
        answer = f"redirect to {response.headers.get('location', '')!r} not followed"
    return AttemptResult(Effect.RETRY, answer, code, retry_after=_retry_after(response))


def _retry_after(response: httpx.Response) -> timedelta | None:
    value = response.headers.get("retry-after", "").strip()
    return timedelta(seconds=min(int(value), 10**6)) if value.isascii() and value.isdigit() else None
