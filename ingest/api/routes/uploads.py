"""Resumable uploads by tus 1.0: core, creation, creation-with-upload, checksum, termination, expiration."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any, BinaryIO, cast

from anyio import move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentCaller, CurrentSettings, Now
from ingest.api.tus import APPEND, CHECKSUMS, CREATE, EXTENSIONS, INSPECT, OFFSET_TYPE, UPLOADS, VERSION
from rtv_commands.receive_upload import UploadDesk, UploadState
from rtv_core.errors import IntegrityError, InvalidInput, RtvError
from rtv_core.identity import Actor
from rtv_core.settings import Settings

router = APIRouter(tags=["uploads"], responses=PROBLEMS)
_CHUNK = 1 << 20


@router.options(UPLOADS, status_code=204)
@router.options(UPLOADS + "/{_upload_id}", status_code=204, include_in_schema=False)
def offer(settings: CurrentSettings, _upload_id: str = "") -> Response:
    """What this server speaks; asked by anybody."""
    return Response(
        status_code=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Max-Size": str(settings.api.max_upload_bytes),
            "Tus-Extension": EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        },
    )


@router.post(UPLOADS, status_code=201, openapi_extra=CREATE)
async def create(request: Request, caller: CurrentCaller, now: Now) -> Response:
    """Begin an upload. Metadata: filename, filetype, sha256 of the whole file, capture_id."""
    _require_version(request)
    for name in ("upload-defer-length", "upload-concat"):
        if name in request.headers:
            raise InvalidInput(
                f"{name.title()} belongs to an extension that this server does not speak",
                remedy="Send Upload-Length, and the file as one upload; OPTIONS names the extensions.",
                code="TUS_HEADER_INVALID",
            )
    has_bytes = _has_bytes(request)
    if has_bytes:
        _require_offset_type(request)
    said = request.headers.get("upload-metadata", "")
    metadata = _metadata(said)
    desk = _desk(request)
    state = await run_sync(
        lambda: desk.start(
            size_bytes=_whole(request, "upload-length"),
            file_name=metadata.get("filename") or "upload",
            media_type=(metadata.get("filetype") or "application/octet-stream").split(";")[0],
            sha256=metadata.get("sha256"),
            capture_id=metadata.get("capture_id"),
            metadata=said or None,
            actor=caller.actor,
            now=now,
        )
    )
    if has_bytes:
        try:
            state = await _append(
                request, desk, upload_id=state.upload_id, offset=0, actor=caller.actor, now=now
            )
        except RtvError:
            # Its address was never told: nobody could go on with it.
            await run_sync(lambda: desk.forget(state.upload_id))
            raise
    return Response(
        status_code=201,
        headers={**_headers(state), "Location": f"{UPLOADS}/{state.upload_id}"},
    )


@router.head(UPLOADS + "/{upload_id}", openapi_extra=INSPECT)
def inspect(upload_id: str, request: Request, caller: CurrentCaller, now: Now) -> Response:
    """How many bytes have come."""
    _require_version(request)
    state = _desk(request).state(upload_id, actor=caller.actor, now=now)
    return Response(
        status_code=200,
        headers={
            **_headers(state),
            "Upload-Length": str(state.size_bytes),
            **({"Upload-Metadata": state.metadata} if state.metadata else {}),
        },
    )


@router.patch(UPLOADS + "/{upload_id}", status_code=204, openapi_extra=APPEND)
async def append(upload_id: str, request: Request, caller: CurrentCaller, now: Now) -> Response:
    """Send the bytes from `Upload-Offset` on."""
    _require_version(request)
    _require_offset_type(request)
    state = await _append(
        request,
        _desk(request),
        upload_id=upload_id,
        offset=_whole(request, "upload-offset"),
        actor=caller.actor,
        now=now,
    )
    return Response(status_code=204, headers=_headers(state))


@router.delete(UPLOADS + "/{upload_id}", status_code=204, openapi_extra=INSPECT)
def terminate(upload_id: str, request: Request, caller: CurrentCaller, now: Now) -> Response:
    """Give an upload up. Its address is gone then; a film that was complete stays kept as evidence."""
    _require_version(request)
    _desk(request).drop(upload_id, actor=caller.actor, now=now)
    return Response(status_code=204)


async def _append(
    request: Request, desk: UploadDesk, *, upload_id: str, offset: int, actor: Actor, now: datetime
) -> UploadState:
    checksum = _checksum(request.headers.get("upload-checksum"))
    done = await run_sync(lambda: desk.done(upload_id, offset=offset, actor=actor, now=now))
    if done is not None and _has_bytes(request):
        raise _too_many_bytes()
    if done is not None:
        return done
    writing = desk.writing(upload_id)
    stream = await run_sync(writing.__enter__)
    try:
        room = await run_sync(lambda: desk.begin_append(upload_id, offset=offset, actor=actor, now=now))
        is_whole = False
        try:
            await _write(_flowing(request), stream, room, checksum)
            is_whole = True
        finally:
            # Bytes that were not held against their checksum were never part of the upload.
            if checksum is not None and not is_whole:
                await run_sync(stream.truncate, offset)
        await run_sync(stream.flush)
        return await run_sync(lambda: desk.finish(upload_id, actor=actor, now=now))
    except ClientDisconnect:
        return await run_sync(lambda: desk.state_while_writing(upload_id, actor=actor, now=now))
    finally:
        await run_sync(writing.__exit__, None, None, None)


async def _flowing(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. A phone that changed its network never says so: silence is a disconnect."""
    patience_s = cast(Settings, request.app.state.settings).api.idle_seconds
    pieces = aiter(request.stream())
    while True:
        with move_on_after(patience_s) as patience:
            piece = await anext(pieces, None)
        if patience.cancelled_caught:
            raise ClientDisconnect
        if piece is None:
            return
        yield piece


async def _write(
    body: AsyncIterator[bytes], stream: BinaryIO, room: int, checksum: tuple[Any, bytes] | None
) -> None:
    waiting = bytearray()
    try:
        async for piece in body:
            room -= len(piece)
            if room < 0:
                raise _too_many_bytes()
            if checksum is not None:
                checksum[0].update(piece)
            waiting += piece
            if len(waiting) >= _CHUNK:
                await run_sync(stream.write, bytes(waiting))
                waiting.clear()
    finally:
        # What came before the line broke need not be sent again.
        await run_sync(stream.write, bytes(waiting))
    if checksum is not None and checksum[0].digest() != checksum[1]:
        raise IntegrityError(
            "The bytes of this PATCH do not match their Upload-Checksum",
            remedy="Send the same bytes again from the same offset.",
            code="TUS_CHECKSUM_MISMATCH",
        )


def _too_many_bytes() -> InvalidInput:
    return InvalidInput(
        "More bytes came than Upload-Length announced",
        remedy="Begin a new upload with the right length.",
        code="UPLOAD_TOO_LARGE",
    )


def _desk(request: Request) -> UploadDesk:
    return cast(UploadDesk, request.app.state.uploads)


def _headers(state: UploadState) -> dict[str, str]:
    headers = {"Upload-Offset": str(state.offset_bytes)}
    if state.is_complete:
        headers |= {"Rtv-Sha256": state.sha256 or "", "Rtv-Uri": state.uri or ""}
    else:
        headers["Upload-Expires"] = format_datetime(state.expires_at, usegmt=True)
    return headers


def _require_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise InvalidInput(
            f"Tus-Resumable is not {VERSION}",
            remedy=f"Speak tus {VERSION}.",
            code="TUS_VERSION",
            version=VERSION,
        )


def _has_bytes(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers


def _require_offset_type(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != OFFSET_TYPE:
        raise InvalidInput(
            f"The Content-Type of bytes is {OFFSET_TYPE}", remedy="Set it.", code="TUS_CONTENT_TYPE"
        )


def _whole(request: Request, name: str) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise InvalidInput(
            f"{name.title()} is no whole number", remedy="Send it in bytes.", code="TUS_HEADER_INVALID"
        )
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise _wrong_metadata(name, "is not base64 of UTF-8", "Encode it.") from None
        if name in found:
            raise _wrong_metadata(name, "is there twice", "Send each name once.")
        if not name.isascii():
            raise _wrong_metadata(name, "is not ASCII", "Name it in ASCII.")
        if "\x00" in text or len(text) > 1000:
            raise _wrong_metadata(
                name, "is too long or holds a zero byte", "Send up to 1,000 characters of text."
            )
        found[name] = text
    return found


def _wrong_metadata(name: str, what: str, remedy: str) -> InvalidInput:
    return InvalidInput(f"Upload-Metadata {name!r} {what}", remedy=remedy, code="TUS_HEADER_INVALID")


def _checksum(header: str | None) -> tuple[Any, bytes] | None:
    if header is None:
        return None
    name, _, value = header.partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except binascii.Error:
        wanted = b""
    if name not in CHECKSUMS or not wanted:
        raise InvalidInput(
            "Upload-Checksum is not 'sha1 …' or 'sha256 …' with base64",
            remedy="OPTIONS /v1/uploads names the algorithms.",
            code="TUS_HEADER_INVALID",
        )
    return hashlib.new(name, usedforsecurity=False), wanted
