"""The time beacon: a QR code with the hub's signed time, shown in the bay and read back from the film.

What a camera wrote beside a code is its own clock; what the code says is the hub's. A code is shown for a
bounded time, so each sighting bounds the offset from both sides, and many bound it closely.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.notes import SealKey, VerifierKey, key_hash
from rtv_core.model.clip import CodeSeen
from rtv_core.model.clock import ClockReading

PERIOD_SECONDS = 0.5
# The page takes a code down by then: a period, and the longest that it waits for the next one.
SHOWN_SECONDS = 0.75
# A frame of 10 a second, and what a camera needs to take it.
_FRAME_SECONDS = 0.1
METHOD = "beacon"
_TEXT = re.compile(r"RTVT1:(\d{13}):([0-9A-F]{8}):([A-Z2-7]{103})")


@dataclass(frozen=True, slots=True)
class _Sighting:
    stated_at: datetime
    first_seconds: float
    last_seconds: float


def beacon_text(key: SealKey, now: datetime) -> str:
    """The text of the code that says it is `now`, in the letters that make a QR code small."""
    stated = f"{round(now.timestamp() * 1000):013d}"
    signature = key.private.sign(_signed(stated))
    name = key_hash(key.name, key.public_bytes).hex().upper()
    return f"RTVT1:{stated}:{name}:{base64.b32encode(signature).decode().rstrip('=')}"


def beacon_svg(text: str) -> bytes:
    """The code as a picture that fills whatever place it is given."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn: str = code.to_svg(add_quiet_zones=True)
    return drawn.encode()


def read_beacon_text(text: str, key: VerifierKey) -> datetime | None:
    """When a code says it is; None when it is no beacon of this hub."""
    found = _TEXT.fullmatch(text)
    if found is None or found[2] != key.key_hash.hex().upper():
        return None
    try:
        Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(
            base64.b32decode(found[3] + "="), _signed(found[1])
        )
    except (InvalidSignature, binascii.Error):
        return None
    return datetime.fromtimestamp(int(found[1]) / 1000, UTC)


def offset_from(codes: Iterable[CodeSeen], key: VerifierKey, started_at: datetime) -> ClockReading:
    """How far a camera is ahead, from the codes in a film that began at `started_at` by its clock.

    Raises `NotFound` without a beacon of this hub, `InvalidInput` when the film's time does not run evenly.
    """
    seen = [
        _Sighting(stated, code.first_seconds, code.last_seconds)
        for code in codes
        if (stated := read_beacon_text(code.text, key)) is not None
    ]
    if not seen:
        raise NotFound(
            "No time beacon of this hub can be read in the film",
            remedy="Show the beacon page full screen in the camera's view, sharp and without glare.",
            code="BEACON_NOT_SEEN",
        )
    # By the camera's clock a code is first seen after its time, and last seen before it is taken down.
    ahead = [(started_at - one.stated_at).total_seconds() for one in seen]
    highest = min(by + one.first_seconds for by, one in zip(ahead, seen, strict=True))
    lowest = max(by + one.last_seconds - SHOWN_SECONDS for by, one in zip(ahead, seen, strict=True))
    if lowest - highest > 2 * _FRAME_SECONDS:
        raise InvalidInput(
            f"The camera's time does not run evenly in this film: codes differ by {lowest - highest:.1f} s",
            remedy="The clock was set while it recorded, or the film was re-timed; measure on another film.",
            code="BEACON_DISAGREES",
        )
    middle = seen[len(seen) // 2].stated_at
    return ClockReading(
        middle,
        round((highest + lowest) / 2, 3),
        round(abs(highest - lowest) / 2 + _FRAME_SECONDS, 3),
        METHOD,
    )


def _signed(stated: str) -> bytes:
    return f"rtv-hub/beacon/v1\n{stated}\n".encode()
