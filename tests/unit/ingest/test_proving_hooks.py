"""A pushed message is proven or refused: signatures, tokens, clocks, and anything changed on the way."""

from __future__ import annotations

import base64
import hmac
import os
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from standardwebhooks import Webhook

from ingest.hook_proof import require_proof
from rtv_core.errors import NotPermitted
from rtv_core.partner_settings import ProofKind

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"twenty-four random bytes").decode()
BODY = b'{"awb": "1904", "status": "DL"}'
FORGERIES = int(os.environ.get("HOOK_FORGERIES", "2000"))


def standard(body: bytes = BODY, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body.decode()),
    }


def is_proven(
    kind: ProofKind,
    headers: dict[str, str],
    body: bytes = BODY,
    *,
    secret: str = SECRET,
    header: str | None = None,
) -> bool:
    try:
        require_proof(kind, (secret,), headers, body, header=header, now=NOW)
    except NotPermitted:
        return False
    return True


@pytest.mark.parametrize(
    ("seconds", "proven"), [(0, True), (300, True), (-300, True), (301, False), (-301, False), (600, False)]
)
def test_the_clock_may_be_five_minutes_off(seconds: int, proven: bool) -> None:
    assert is_proven(ProofKind.STANDARD, standard(at=NOW + timedelta(seconds=seconds))) is proven


def test_one_of_several_signatures_and_of_several_secrets_is_enough() -> None:
    headers = standard()
    other = Webhook("whsec_" + base64.b64encode(b"another twenty-four byte").decode())
    both = f"v1a,zzz {other.sign('msg_1', NOW, BODY.decode())} {headers['webhook-signature']}"
    assert is_proven(ProofKind.STANDARD, headers | {"webhook-signature": both})
    require_proof(
        ProofKind.STANDARD,
        ("whsec_" + "b2xkIHNlY3JldCBvbGQgc2VjcmV0", SECRET),
        headers,
        BODY,
        header=None,
        now=NOW,
    )


def test_whatever_is_changed_is_found() -> None:
    roll, honest = Random(7), standard()
    accepted = 0
    for _ in range(FORGERIES):
        headers, body = dict(honest), bytearray(BODY)
        name = roll.choice([*headers, "body", "body"])
        if name == "body":
            body[roll.randrange(len(body))] ^= 1 << roll.randrange(8)
        else:
            value = headers[name]
            place = roll.randrange(len(value))
            new = chr(roll.randrange(33, 127))
            headers[name] = value[:place] + new + value[place + 1 :]
            if headers == honest:
                continue
        accepted += is_proven(ProofKind.STANDARD, headers, bytes(body))
    assert accepted == 0


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_nothing_may_be_missing(missing: str) -> None:
    headers = standard()
    del headers[missing]
    assert not is_proven(ProofKind.STANDARD, headers)


@pytest.mark.parametrize(
    ("written", "proven"),
    [
        ("{hex}", True),
        ("{HEX}", True),
        ("sha256={hex}", True),
        ("hmac-sha256-hex={hex}", True),
        ("{base64}", True),
        ("sha256={base64}", True),
        ("", False),
        ("sha256=", False),
        ("é{hex}", False),
    ],
)
def test_a_signature_of_the_body_in_its_spellings(written: str, proven: bool) -> None:
    digest = hmac.digest(b"a secret of the sender", BODY, "sha256")
    text = written.format(
        hex=digest.hex(), HEX=digest.hex().upper(), base64=base64.b64encode(digest).decode()
    )
    given = {"x-signature": text}
    assert (
        is_proven(ProofKind.HMAC_SHA256, given, secret="a secret of the sender", header="X-Signature")
        is proven
    )
    assert not is_proven(
        ProofKind.HMAC_SHA256, given, BODY + b" ", secret="a secret of the sender", header="X-Signature"
    )


@pytest.mark.parametrize("written", ["{}", "Bearer {}", "Token {}", "token {} "])
def test_a_token_is_the_secret_itself(written: str) -> None:
    secret = "a-token-of-the-sender"
    assert is_proven(ProofKind.TOKEN, {"authorization": written.format(secret)}, secret=secret)
    assert not is_proven(ProofKind.TOKEN, {"authorization": written.format(secret + "x")}, secret=secret)
    assert not is_proven(ProofKind.TOKEN, {"authorization": ""}, secret=secret)
