"""What an encoder leaves in a stream, and what gives away that another encoding begins inside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_BANNER = re.compile(rb"x26[45][ -]|Lavc\d")
_PARAMETER_SETS = {"h264": (7, 8), "hevc": (32, 33, 34)}
_NOTES = {"h264": (6,), "hevc": (39, 40)}
_RARE_SHARE = 0.2


@dataclass(slots=True)
class Marks:
    """Gathers the marks of one stream, packet after packet; other codecs than H.264 and H.265 have none."""

    codec: str
    extradata: bytes
    says_rate: bool = False
    _banners: list[float] = field(default_factory=list)
    _sets: list[tuple[float, int, bytes]] = field(default_factory=list)
    _keyframes: int = 0
    _packets: int = 0

    def __post_init__(self) -> None:
        # Other encoders write the container's rate, which says nothing of its own.
        self.says_rate = self.codec in _PARAMETER_SETS

    def look(self, packet: bytes, seconds: float, is_keyframe: bool) -> None:
        """Note the marks of one packet; only keyframes begin an encoding."""
        self._packets += 1
        if not is_keyframe or self.codec not in _PARAMETER_SETS:
            return
        self._keyframes += 1
        for unit in units_of(packet, self.extradata):
            kind = unit[0] & 31 if self.codec == "h264" else unit[0] >> 1 & 63
            if kind in _PARAMETER_SETS[self.codec]:
                self._sets.append((seconds, kind, unit))
            elif kind in _NOTES[self.codec] and _BANNER.search(unit) and self._packets > 1:
                self._banners.append(seconds)

    def new_encodings(self) -> Iterator[tuple[float, str]]:
        """When another encoding begins after the first frame, and what shows it."""
        # An encoder names itself when it starts; one that does so at every keyframe says nothing by it.
        if self._banners and len(self._banners) <= max(1, _RARE_SHARE * self._keyframes):
            for seconds in self._banners:
                yield seconds, "an encoder names itself, as it does when it starts"
        first: dict[tuple[int, int], bytes] = {}
        count = Counter[tuple[float, int]]()
        for seconds, kind, unit in self._sets:
            place = count[seconds, kind]
            count[seconds, kind] += 1
            known = first.setdefault((kind, place), unit)
            if known != unit:
                yield seconds, "the parameters of the encoding change"
                first[kind, place] = unit


def units_of(packet: bytes, extradata: bytes) -> Iterator[bytes]:
    """The NAL units of a packet, length-prefixed (MP4, Matroska) or separated by start codes."""
    if extradata[:1] == b"\x01":
        at = 0
        while at + 4 < len(packet):
            size = int.from_bytes(packet[at : at + 4], "big")
            if size:
                yield packet[at + 4 : at + 4 + size]
            at += 4 + size
    else:
        yield from (unit for unit in re.split(rb"\x00\x00\x00?\x01", packet) if unit)
