"""Receive what a transporter or platform pushes: proven, kept in the inbox, answered; loaded later."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ingest.hook_proof import ProofKind, not_proven, require_proof
from ingest.inbox import ReceivedFile, keep
from rtv_core.errors import InvalidInput
from rtv_core.identity import job
from rtv_core.objects import ObjectStore
from rtv_core.partner_settings import HookSettings
from rtv_core.warehouse.connection import connect
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
    kind = ProofKind(hook.proof)
    secrets = tuple(secret.get_secret_value() for secret in hook.secrets)
    require_proof(kind, secrets, headers, body, header=hook.header, now=now)
    if not body.strip():
        raise InvalidInput("The message is empty", remedy="Send the event as the body.", code="HOOK_EMPTY")
    # Only a signed id may speak for the bytes: an unsigned one is anybody's word.
    message_id = headers.get(_MESSAGE_ID) if kind is ProofKind.STANDARD else None
    actor = job(f"hook:{name}", hook.tenant_code)
    sha256 = hashlib.sha256(body).hexdigest()
    with connect(dsn, application_name="rtv-hook") as connection:
        if message_id:
            known = file_of_message(connection, name, message_id)
            if known is not None:
                return ReceivedFile(known, "", sha256, len(body), is_repeat=True)
        kept = keep(
            connection,
            store,
            io.BytesIO(body),
            file_name=f"{name}_{sha256[:16]}.{_suffix(body)}",
            way_in="webhook",
            actor=actor,
            now=now,
        )
        if message_id:
            remember_message(connection, name, message_id, kept.file_id, now)
    return kept


def _suffix(body: bytes) -> str:
    first = body.lstrip()[:1]
    return "xml" if first == b"<" else "json" if first in (b"{", b"[") else "txt"
