"""Serves one stored object with HTTP ranges, a megabyte at a time, never whole in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from rtv_core.errors import NotFound
from rtv_core.objects.base import ObjectStore

CHUNK_BYTES = 1 << 20
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".ts": "video/mp2t",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `end` inclusive of an object."""

    start: int
    end: int


def media_type_of(name: str) -> str:
    """The media type of an object by the end of its name."""
    return next(
        (kind for suffix, kind in _MEDIA_TYPES.items() if name.lower().endswith(suffix)),
        "application/octet-stream",
    )


def read_range_header(header: str | None, size: int) -> Span | None:
    """The one range asked for; None for the whole. Raises `ValueError` when it cannot be satisfied."""
    found = _RANGE.match(header.strip()) if header else None
    if found is None or found.groups() == ("", ""):
        return None  # absent, several ranges or another unit: RFC 9110 lets us send the whole
    first, last = found.groups()
    if first == "":
        start, end = max(size - int(last), 0), size - 1
        if int(last) == 0:
            raise ValueError(header)
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    if start >= size or start > end:
        raise ValueError(header)
    return Span(start, end)


def _chunks(store: ObjectStore, key: str, span: Span) -> Iterator[bytes]:
    position = span.start
    while position <= span.end:
        last = min(position + CHUNK_BYTES - 1, span.end)
        yield store.read_range(key, position, last)
        position = last + 1


def serve_object(
    request: Request,
    store: ObjectStore,
    key: str,
    *,
    file_name: str,
    etag: str | None,
    as_attachment: bool = False,
) -> Response:
    """An object, whole or in the range asked for: 200, 206, 304 or 416."""
    info = store.head(key)
    if info is None:
        raise NotFound(
            f"{file_name} is not in the object store",
            remedy="Its retention may have ended, or the store was moved; `rtv doctor` looks closer.",
            code="OBJECT_NOT_FOUND",
        )
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=300",
        "content-disposition": f'{"attachment" if as_attachment else "inline"}; filename="{file_name}"',
    }
    if etag:
        headers["etag"] = f'"{etag}"'
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
    media_type = media_type_of(key)
    try:
        asked = read_range_header(request.headers.get("range"), info.size_bytes)
    except ValueError:
        headers["content-range"] = f"bytes */{info.size_bytes}"
        return Response(status_code=416, headers=headers)
    span = asked or Span(0, info.size_bytes - 1)
    headers["content-length"] = str(span.end - span.start + 1)
    if asked:
        headers["content-range"] = f"bytes {span.start}-{span.end}/{info.size_bytes}"
    if request.method == "HEAD":
        return Response(status_code=206 if asked else 200, headers=headers, media_type=media_type)
    body = _chunks(store, key, span)
    return StreamingResponse(body, status_code=206 if asked else 200, headers=headers, media_type=media_type)
