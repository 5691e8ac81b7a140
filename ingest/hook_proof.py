"""Whether a pushed message comes from the sender it claims: signatures and tokens, over the raw bytes."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from rtv_core.errors import NotPermitted
from rtv_core.partner_settings import ProofKind, standard_key

TOLERANCE = timedelta(minutes=5)
_WORDS_BEFORE_A_TOKEN = ("bearer ", "token ", "basic ")


DEFAULT_HEADERS = {
    ProofKind.STANDARD: "webhook-signature",
    ProofKind.HMAC_SHA256: "x-hmac-sha256",
    ProofKind.TOKEN: "authorization",
}


def require_proof(
    kind: ProofKind,
    secrets: tuple[str, ...],
    headers: Mapping[str, str],
    body: bytes,
    *,
    header: str | None,
    now: datetime,
) -> None:
    """Raise `NotPermitted` unless one of the secrets proves this message; header names are in lower case.

    `standard` is Standard Webhooks (id, timestamp and body signed, five minutes of tolerance), `hmac_sha256`
    a signature of the body in hex or base64, `token` the secret itself.
    """
    given = headers.get((header or DEFAULT_HEADERS[kind]).lower(), "")
    if kind is ProofKind.TOKEN:
        is_proven = any(_is_token(given, secret) for secret in secrets)
    elif kind is ProofKind.HMAC_SHA256:
        digests = [hmac.digest(secret.encode(), body, "sha256") for secret in secrets]
        is_proven = any(_is_signature(given, digest) for digest in digests)
    else:
        # Signed once for all that is claimed: a message may come with a thousand signatures.
        digests = _standard_digests(secrets, headers, body)
        is_proven = _is_recent(headers.get("webhook-timestamp", ""), now) and any(
            _is_signature(signature, digest) for signature in _versions(given) for digest in digests
        )
    if not is_proven:
        raise not_proven()


def not_proven() -> NotPermitted:
    """Said of a wrong secret and of a sender nobody knows alike, so that names cannot be tried out."""
    return NotPermitted(
        "The message is not proven to come from this sender",
        remedy="Compare name, secret, header and clock of both sides (RTV_INBOUND__HOOKS); "
        "what is signed is the raw body.",
        code="HOOK_NOT_PROVEN",
    )


def _standard_digests(secrets: tuple[str, ...], headers: Mapping[str, str], body: bytes) -> list[bytes]:
    signed = f"{headers.get('webhook-id', '')}.{headers.get('webhook-timestamp', '')}.".encode() + body
    return [hmac.digest(standard_key(secret), signed, "sha256") for secret in secrets]


def _versions(given: str) -> Iterator[str]:
    for part in given.split():
        version, _, signature = part.partition(",")
        if version == "v1":
            yield signature


def _is_recent(written: str, now: datetime) -> bool:
    if not (written.isascii() and written.isdigit() and len(written) < 12):
        return False
    return abs(now.timestamp() - int(written)) <= TOLERANCE.total_seconds()


def _is_token(given: str, secret: str) -> bool:
    bare = given
    for word in _WORDS_BEFORE_A_TOKEN:
        if given.lower().startswith(word):
            bare = given[len(word) :]
    return hmac.compare_digest(bare.strip().encode(), secret.encode())


def _is_signature(given: str, digest: bytes) -> bool:
    """Hex or base64, also behind a name such as `sha256=`."""
    said = given.strip().encode()
    bare = said.partition(b"=")[2] if said[:12].lower().startswith((b"sha256=", b"hmac-sha256")) else said
    hexed, based = digest.hex().encode(), base64.b64encode(digest)
    # Both are compared whatever the first says, so that the time tells nothing.
    return hmac.compare_digest(bare.lower(), hexed) | hmac.compare_digest(bare, based)
