"""What tus 1.0 says of every request and answer, and how the OpenAPI tells it.

The routes read headers and bodies from the request itself, so their description stands here.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOADS = "/v1/uploads"
OFFSET_TYPE = "application/offset+octet-stream"
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
CHECKSUMS = ("sha1", "sha256")
_OVERRIDDEN = {"HEAD", "PATCH", "DELETE", "OPTIONS"}


def _header(name: str, schema: dict[str, Any], what: str, *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": what}


_VERSION = _header("Tus-Resumable", {"type": "string", "enum": [VERSION]}, "The version of tus.")
_WHOLE = {"type": "integer", "minimum": 0}
_BODY = {"content": {OFFSET_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
_CHECKSUM = _header(
    "Upload-Checksum",
    {"type": "string", "pattern": "^(sha1|sha256) [A-Za-z0-9+/]+=*$"},
    "Hash of the bytes of this request, as base64; they count only when they hash to it.",
    required=False,
)
INSPECT = {"parameters": [_VERSION]}
APPEND = {
    "parameters": [_VERSION, _header("Upload-Offset", _WHOLE, "Where the bytes begin."), _CHECKSUM],
    "requestBody": {"required": True, **_BODY},
}
CREATE = {
    "parameters": [
        _VERSION,
        _header("Upload-Length", _WHOLE, "Bytes of the whole file."),
        _header(
            "Upload-Metadata",
            {"type": "string", "example": "filetype dmlkZW8vd2VibQ==,filename ZmlsbS53ZWJt"},
            "Names and base64 values: filename, filetype, sha256 of the whole file, capture_id.",
            required=False,
        ),
        _CHECKSUM,
    ],
    "requestBody": {"required": False, **_BODY},
}


class TusEnvelope:
    """Lets a POST stand for another method, and names the version in every answer, refusals too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        wanted = Headers(scope=scope).get("x-http-method-override", "").upper()
        if scope["method"] == "POST" and wanted in _OVERRIDDEN:
            scope = {**scope, "method": wanted}

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Tus-Resumable"] = VERSION
                if message["status"] == 412:
                    headers["Tus-Version"] = VERSION
            await send(message)

        await self.app(scope, receive, send_with_version)
