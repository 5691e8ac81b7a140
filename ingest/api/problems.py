"""Errors as the API says them: `application/problem+json` with code, fact and remedy (RFC 9457)."""

from __future__ import annotations

from typing import Any, cast

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rtv_commands.receive_upload import UploadBusy
from rtv_core import errors

MEDIA_TYPE = "application/problem+json"


class TooMany(errors.TransientError):
    """The sender must wait; `retry_after_seconds` says how long."""

    code = "TOO_MANY"


class BodyTooSlow(errors.TransientError):
    """The body did not come in time."""

    code = "BODY_TOO_SLOW"


_STATUS_BY_CODE = {
    "SIGN_IN_REFUSED": 401,
    "API_KEY_REFUSED": 401,
    "SESSION_REFUSED": 401,
    "HOOK_NOT_PROVEN": 401,
    "UPLOAD_GONE": 410,
    "UPLOAD_TOO_LARGE": 413,
    "BODY_TOO_LARGE": 413,
    "UPLOAD_TYPE_UNKNOWN": 415,
    "TUS_VERSION": 412,
    "TUS_CHECKSUM_MISMATCH": 460,
    "TUS_HEADER_INVALID": 400,
    "TUS_CONTENT_TYPE": 415,
    "UPLOAD_HASH_MISMATCH": 422,
}
_STATUS_BY_KIND: tuple[tuple[type[errors.RtvError], int], ...] = (
    (UploadBusy, 423),
    (TooMany, 429),
    (BodyTooSlow, 408),
    (errors.TransientError, 503),
    (errors.NotFound, 404),
    (errors.ConflictError, 409),
    (errors.NotPermitted, 403),
    (errors.InvalidInput, 422),
)


def status_of(error: errors.RtvError) -> int:
    """The HTTP status that tells what kind of error it is."""
    if error.code in _STATUS_BY_CODE:
        return _STATUS_BY_CODE[error.code]
    return next((status for kind, status in _STATUS_BY_KIND if isinstance(error, kind)), 500)


def problem(error: errors.RtvError, headers: dict[str, str] | None = None) -> Response:
    """One error as a response."""
    status = status_of(error)
    more = dict(headers or {})
    if status in {423, 429, 503}:
        more.setdefault("Retry-After", str(error.facts.get("retry_after_seconds", 1)))
    if status == 401:
        more.setdefault("WWW-Authenticate", "Bearer")
    return _response(status, error.code, error.fact, error.remedy, facts=error.facts, headers=more)


def _response(
    status: int,
    code: str,
    fact: str,
    remedy: str,
    *,
    facts: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> Response:
    body = {
        "type": f"urn:rtv-hub:problem:{code.lower()}",
        "title": fact,
        "status": status,
        "code": code,
        "fact": fact,
        "remedy": remedy,
        **({"facts": facts} if facts else {}),
    }
    return Response(orjson.dumps(body, default=str), status, media_type=MEDIA_TYPE, headers=headers)


async def _on_rtv_error(_: Request, error: Exception) -> Response:
    return problem(cast(errors.RtvError, error))


async def _on_invalid(_: Request, error: Exception) -> Response:
    invalid = cast(RequestValidationError, error)
    findings = [
        {"at": ".".join(str(part) for part in found["loc"][1:]), "fact": found["msg"]}
        for found in invalid.errors()
    ]
    first = findings[0]
    return _response(
        422,
        "REQUEST_INVALID",
        f"{first['at'] or 'The body'}: {first['fact']}",
        "Correct what `facts.findings` names; /docs shows an example of each request.",
        facts={"findings": findings[:50]},
    )


async def _on_http(_: Request, error: Exception) -> Response:
    refused = cast(HTTPException, error)
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(refused.status_code, "REQUEST_REFUSED")
    return _response(
        refused.status_code,
        code,
        str(refused.detail),
        "Look at /docs for what this server offers.",
        facts={},
        headers=dict(refused.headers or {}),
    )


def register(app: FastAPI) -> None:
    """Let every error leave as a problem."""
    app.add_exception_handler(errors.RtvError, _on_rtv_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
