"""Receive what a transporter or platform pushes: proven, kept in the inbox, answered; loaded later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ingest.hook_proof import not_proven, require_proof
from ingest.inbox import ReceivedFile, keep_payload
from rtv_core.errors import InvalidInput
from rtv_core.identity import job
from rtv_core.objects import ObjectStore
from rtv_core.partner_settings import HookSettings, ProofKind
from rtv_core.warehouse.connection import connect, make_durable
from rtv_core.warehouse.inbox_store import file_of_message, remember_message

_MESSAGE_ID = "webhook-id"


@dataclass(frozen=True, slots=True)
class PushedMessage:
    """What came: the hook's name, the headers by their names in lower case, the raw body."""

    hook_name: str
    headers: Mapping[str, str]
    body: bytes


def receive_hook(
    dsn: str, store: ObjectStore, hooks: Mapping[str, HookSettings], message: PushedMessage, *, now: datetime
) -> ReceivedFile:
    """Keep one pushed message under its hook's tenant.

    The same message again, by its signed id or byte for byte, however late, is a no-op that says so. Raises
    `NotPermitted` for a message without proof, `InvalidInput` for an empty one.
    """
    name, headers, body = message.hook_name, message.headers, message.body
    hook = hooks.get(name)
    if hook is None:
        raise not_proven()
    secrets = tuple(secret.get_secret_value() for secret in hook.secrets)
    require_proof(hook.proof, secrets, headers, body, header=hook.header, now=now)
    if not body.strip():
        raise InvalidInput("The message is empty", remedy="Send the event as the body.", code="HOOK_EMPTY")
    # Only a signed id may speak for the bytes: an unsigned one is anybody's word.
    message_id = headers.get(_MESSAGE_ID) if hook.proof is ProofKind.STANDARD else None
    actor = job(f"hook:{name}", hook.tenant_code)
    with connect(dsn, application_name="rtv-hook") as connection:
        make_durable(connection)
        if message_id:
            known = file_of_message(connection, name, message_id)
            if known is not None:
                digest = hashlib.sha256(body).hexdigest()
                return ReceivedFile(known, "", digest, len(body), is_repeat=True)
        kept = keep_payload(connection, store, body, name=name, way_in="webhook", actor=actor, now=now)
        if message_id:
            remember_message(connection, name, message_id, kept.file_id, now)
    return kept
