"""The OpenAPI of tus: its headers and bodies are read from the request itself, so they stand here."""

from __future__ import annotations

from typing import Any

OFFSET_TYPE = "application/offset+octet-stream"
VERSION = "1.0.0"


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
