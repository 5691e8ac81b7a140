"""The two middlewares: nothing is served without a session, and every answer carries its security headers."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rtv_core.errors import ConfigurationError
from rtv_core.settings import Settings
from streamlit_app.tokens import SESSION_COOKIE, open_session

PUBLIC_PATHS = frozenset({"/sign-in", "/sign-out", "/healthz", "/favicon.png", "/favicon.ico", "/robots.txt"})
PUBLIC_PREFIXES = ("/static/", "/_stcore/health")
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class SecurityHeaders:
    """Adds the security headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SessionGate:
    """Lets only signed-in people through; a page sends others to the sign-in, anything else answers 401."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or turn away."""
        if scope["type"] not in {"http", "websocket"} or self._is_open(scope):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4401, "reason": "Sign in first"})
            return
        await self._turn_away(scope)(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        if path in PUBLIC_PATHS or path.startswith(PUBLIC_PREFIXES):
            return True
        try:
            return open_session(self.settings, HTTPConnection(scope).cookies.get(SESSION_COOKIE)) is not None
        except ConfigurationError:
            return False

    @staticmethod
    def _turn_away(scope: Scope) -> ASGIApp:
        connection = HTTPConnection(scope)
        if scope["method"] == "GET" and "text/html" in connection.headers.get("accept", ""):
            wanted = scope["path"] + (
                f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            )
            return RedirectResponse(f"/sign-in?next={quote(wanted)}", status_code=303)
        body = {
            "type": "about:blank",
            "title": "Nobody is signed in",
            "status": 401,
            "code": "NOT_SIGNED_IN",
            "detail": "Sign in at /sign-in first.",
        }
        return JSONResponse(body, status_code=401, media_type="application/problem+json")
