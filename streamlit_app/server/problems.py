"""Our errors as HTTP answers (RFC 9457)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from rtv_core.errors import InvalidInput, NotFound, NotPermitted, ResourceExhausted, RtvError, TransientError

_STATUS: tuple[tuple[type[RtvError], int], ...] = (
    (NotFound, 404),
    (NotPermitted, 403),
    (InvalidInput, 400),
    (ResourceExhausted, 429),
    (TransientError, 503),
)


def status_of(error: RtvError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


async def answer_problem(_request: Request, error: Exception) -> JSONResponse:
    """An error as problem+json: code, fact and remedy."""
    if not isinstance(error, RtvError):
        raise error
    status = status_of(error)
    body = {
        "type": "about:blank",
        "title": error.fact,
        "status": status,
        "code": error.code,
        "detail": error.remedy,
    }
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
