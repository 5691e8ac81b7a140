"""Asks a transporter's tracking for some AWBs; what it answers is kept as it came, whatever it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from rtv_core.errors import ConfigurationError, InvalidInput, ServiceUnavailable
from rtv_core.partner_settings import PullSettings

MAX_ANSWER_BYTES = 16 * 1024**2
_REFUSED = (401, 403)
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; `wait_seconds` when the transporter wants to be asked later instead."""

    body: bytes
    wait_seconds: int | None = None


def ask(client: httpx.Client, name: str, pull: PullSettings, awbs: Sequence[str]) -> Answer:
    """One request for these AWBs. Redirects are not followed: a key goes to the configured address only.

    Raises `ConfigurationError` for a key that is refused, `ServiceUnavailable` for one who does not answer,
    `InvalidInput` for an answer that is none.
    """
    url = pull.url.replace("{awbs}", pull.separator.join(quote(awb, safe="") for awb in awbs))
    headers = {key: secret.get_secret_value() for key, secret in pull.headers.items()}
    try:
        with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
            if response.status_code == _TOO_MANY:
                return Answer(b"", _wait_seconds(response))
            _require_answer(name, response)
            return Answer(_read(name, response))
    except httpx.HTTPError as error:
        raise ServiceUnavailable(
            f"{name} does not answer: {type(error).__name__}",
            remedy="It is asked again in the next run; look at its address in RTV_INBOUND__PULLS.",
            code="PULL_UNREACHABLE",
        ) from error


def _require_answer(name: str, response: httpx.Response) -> None:
    if response.status_code in _REFUSED:
        raise ConfigurationError(
            f"{name} refuses the key ({response.status_code})",
            remedy="Put the right key into the headers of RTV_INBOUND__PULLS.",
            code="PULL_REFUSED",
        )
    if response.is_server_error:
        raise ServiceUnavailable(
            f"{name} answers {response.status_code}",
            remedy="It is asked again in the next run.",
            code="PULL_UNREACHABLE",
        )
    if not response.is_success:
        raise InvalidInput(
            f"{name} answers {response.status_code}",
            remedy="Look at the address in RTV_INBOUND__PULLS; redirects are not followed.",
            code="PULL_ANSWER_INVALID",
        )


def _read(name: str, response: httpx.Response) -> bytes:
    found = bytearray()
    for chunk in response.iter_bytes(64 * 1024):
        found += chunk
        if len(found) > MAX_ANSWER_BYTES:
            raise InvalidInput(
                f"{name} answers with more than {MAX_ANSWER_BYTES // 1024**2} MB",
                remedy="Ask for fewer AWBs at once: awbs_a_request.",
                code="PULL_ANSWER_INVALID",
            )
    return bytes(found)


def _wait_seconds(response: httpx.Response) -> int:
    written = response.headers.get("retry-after", "").strip()
    return min(int(written), 3600) if written.isascii() and written.isdigit() else 60
