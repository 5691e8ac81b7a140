"""Times in a bundle; `verify.py` carries this inside itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from rtv_core.evidence.bundle_files.signed import Broken

Moment = datetime
# Not `datetime.UTC`: whoever checks a bundle may have an older Python.
_UTC = timezone(timedelta(0))
_TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")


class Times(NamedTuple):
    """When a bundle was signed, and its checkpoint stamped."""

    signed_at: Moment
    stamped_at: Moment | None


def check_times(path: str, entry: dict[str, Any], times: Times) -> Moment:
    """A film is recorded, then sealed, then signed for; when it was sealed.

    In whole seconds, for a stamp knows no others.
    """
    began, sealed_at = written_moment(entry["window_start_at"]), written_moment(entry["sealed_at"])
    if sealed_at < began:
        raise Broken(f"{path} was sealed before it was recorded")
    if times.signed_at < sealed_at:
        raise Broken(f"the bundle was signed before {path} was sealed")
    if times.stamped_at is not None and times.stamped_at < sealed_at:
        raise Broken(f"the timestamp is older than {path}")
    return sealed_at


def written_moment(text: str) -> Moment:
    """A time as written in ISO 8601 with its zone, in whole seconds; `ValueError` when it is none."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(_UTC).replace(microsecond=0)


def read_stamp(response: bytes) -> tuple[bytes, Moment]:
    """The hash that an RFC 3161 response is over and the time it states; its signature is not judged.

    `ValueError` when it is none.
    """
    content = _value(response, response.index(_TST_INFO) + len(_TST_INFO))
    for _ in range(2):
        content = _value(content, 0)
    fields = _fields(content)
    imprint, stated = _fields(fields[2]), fields[4].decode("ascii")
    if not stated.endswith("Z"):
        raise ValueError("a timestamp is not in UTC")
    day, clock = (
        f"{stated[:4]}-{stated[4:6]}-{stated[6:8]}",
        f"{stated[8:10]}:{stated[10:12]}:{stated[12:14]}",
    )
    return imprint[1], written_moment(f"{day}T{clock}+00:00")


def _fields(content: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(content):
        start, end = _span(content, at)
        found.append(content[start:end])
        at = end
    return found


def _value(data: bytes, at: int) -> bytes:
    start, end = _span(data, at)
    return data[start:end]


def _span(data: bytes, at: int) -> tuple[int, int]:
    length, start = data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise ValueError("a timestamp is cut short")
    return start, start + length
