"""Middleware of the API: bounds on request bodies and the headers that keep a browser safe."""

from __future__ import annotations

from anyio import move_on_after
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.api.problems import BodyTooSlow, problem
from ingest.api.tus import UPLOADS
from rtv_core.errors import InvalidInput

# wasm-unsafe-eval: the barcode reader is WebAssembly, served by us.
_CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": _CONTENT_POLICY,
}


class SecurityHeaders:
    """Puts the headers on every answer; answers of /v1 are never cached."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Reads a request's body before anything else looks at it, within bounds of size and patience.

    Uploads have their own bounds: their bodies are never held in memory.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, idle_seconds: float) -> None:
        self.app, self.max_bytes, self.idle_seconds = app, max_bytes, idle_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body, or answer 413 or 408."""
        if scope["type"] != "http" or scope["path"].startswith(UPLOADS) or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        body: bytes | None = None
        try:
            body = await self._whole_body(scope, receive)
        except (InvalidInput, BodyTooSlow) as error:
            await problem(error, {"Connection": "close"})(scope, receive, send)
        if body is not None:
            await self.app(scope, _once(body, receive), send)

    async def _whole_body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None when the sender went away."""
        if _announced(scope) > self.max_bytes:
            raise self._too_large()
        held = bytearray()
        while True:
            with move_on_after(self.idle_seconds) as patience:
                message = await receive()
            if patience.cancelled_caught:
                raise BodyTooSlow(
                    f"No byte of the body came for {self.idle_seconds:g} seconds",
                    remedy="Send it again; nothing of it was kept.",
                )
            if message["type"] == "http.disconnect":
                return None
            held += message.get("body", b"")
            if len(held) > self.max_bytes:
                raise self._too_large()
            if not message.get("more_body", False):
                return bytes(held)

    def _too_large(self) -> InvalidInput:
        return InvalidInput(
            f"The body has more than {self.max_bytes} bytes",
            remedy="Send less at once; films and pictures go to /v1/uploads.",
            code="BODY_TOO_LARGE",
        )


def _once(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else the sender says."""
    is_given = False

    async def give() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _announced(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
