"""Talks JSON-RPC with a Tryton server: one session, opened when first needed, opened again when it ends."""

from __future__ import annotations

import base64
import json
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import httpx

from rtv_core.errors import ConfigurationError, ServiceUnavailable, TerminalError
from rtv_core.settings import OutboundSettings

_UNAUTHORIZED = 401
_MAX_ANSWER_BYTES = 8 * 1024**2


class ErpRefused(TerminalError):
    """The ERP will not do it; the fact is the ERP's own words."""

    code = "ERP_REFUSED"


class TrytonRpc:
    """Calls of one user in one database."""

    def __init__(self, url: str, database: str, user: str, password: str, timeout_seconds: float) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"), timeout=timeout_seconds, follow_redirects=False, trust_env=False
        )
        self._path = f"/{database}/rpc/"
        self._user, self._password = user, password
        self._headers: dict[str, str] | None = None
        self._context: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def company_id(self) -> int:
        """The company that the user works for."""
        self._ensure_session()
        company = self._context.get("company")
        if not isinstance(company, int):
            raise ErpRefused(
                f"The ERP user {self._user} belongs to no company",
                remedy="Give the user a company in the ERP.",
            )
        return company

    def call(self, method: str, *parameters: Any) -> Any:
        """Call `model.<name>.<method>` with the user's context.

        Raises `ErpRefused` with the ERP's own words, `ServiceUnavailable` when it does not answer.
        """
        self._ensure_session()
        response = self._send(method, [*parameters, self._context])
        if response.status_code == _UNAUTHORIZED:
            self._headers = None
            self._ensure_session()
            response = self._send(method, [*parameters, self._context])
        return self._result(response)

    def _ensure_session(self) -> None:
        if self._headers is not None:
            return
        response = self._send("common.db.login", [self._user, {"password": self._password}])
        if response.status_code == _UNAUTHORIZED:
            raise ServiceUnavailable(
                f"The ERP does not take the password of {self._user}",
                remedy="Correct RTV_OUTBOUND__ERP_USER and RTV_OUTBOUND__ERP_PASSWORD.",
                code="ERP_SIGN_IN_REFUSED",
            )
        user_id, session, *_ = self._result(response)
        token = base64.b64encode(f"{self._user}:{user_id}:{session}".encode()).decode()
        self._headers = {"authorization": f"Session {token}"}
        self._context = self._result(self._send("model.res.user.get_preferences", [True, {}]))

    def _send(self, method: str, parameters: list[Any]) -> httpx.Response:
        body = json.dumps({"id": 1, "method": method, "params": parameters}, default=_encode)
        headers = {"content-type": "application/json", **(self._headers or {})}
        try:
            return self._client.post(self._path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise ServiceUnavailable(
                f"The ERP does not answer: {type(error).__name__} {error}",
                remedy="Start it, or correct RTV_OUTBOUND__ERP_URL; no document is sent twice.",
                code="ERP_UNAVAILABLE",
            ) from error

    def _result(self, response: httpx.Response) -> Any:
        if response.status_code != httpx.codes.OK or len(response.content) > _MAX_ANSWER_BYTES:
            raise ServiceUnavailable(
                f"The ERP answers with status {response.status_code}: {response.text[:500]}",
                remedy="Look into the ERP's log.",
                code="ERP_UNAVAILABLE",
            )
        try:
            answer = json.loads(response.content, object_hook=_decode)
        except ValueError as error:
            raise ServiceUnavailable(
                "The ERP's answer is no JSON", remedy="Check RTV_OUTBOUND__ERP_URL.", code="ERP_UNAVAILABLE"
            ) from error
        if isinstance(answer, dict) and "error" in answer:
            words = " – ".join(str(word) for word in answer["error"] if word)
            raise ErpRefused(words[:2000], remedy="Mend what the ERP names, then release the message.")
        return answer["result"] if isinstance(answer, dict) else answer


def open_tryton(settings: OutboundSettings) -> TrytonRpc:
    """The Tryton server of the settings; nothing is sent before the first call."""
    if not (settings.erp_url and settings.erp_database and settings.erp_user and settings.erp_password):
        raise ConfigurationError(
            "Tryton is chosen as ERP, but its address or user is not set",
            remedy="Set RTV_OUTBOUND__ERP_URL, ERP_DATABASE, ERP_USER and ERP_PASSWORD.",
            code="ERP_UNSET",
        )
    password = settings.erp_password.get_secret_value()
    return TrytonRpc(
        settings.erp_url, settings.erp_database, settings.erp_user, password, settings.timeout_seconds
    )


def _encode(value: object) -> dict[str, Any]:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"{type(value).__name__} has no place in a call")


def _decode(found: dict[str, Any]) -> Any:
    kind = found.get("__class__")
    if kind == "Decimal":
        return Decimal(found["decimal"])
    if kind == "date":
        return date(found["year"], found["month"], found["day"])
    return found
