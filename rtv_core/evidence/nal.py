"""The units inside H.264 and H.265 samples, as far as joining two encodings of one film needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_START = re.compile(rb"\x00\x00\x01")
_H264_SPS, _H264_PPS, _H264_IDR = 7, 8, 5
_H264_SLICES = range(1, 6)
_HEVC_SETS, _HEVC_SLICES, _HEVC_RANDOM_ACCESS = range(32, 35), range(32), range(16, 22)
# After this unit a decoder of H.265 takes new parameters at a keyframe of any kind.
END_OF_SEQUENCE = b"\x48\x01"
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}


def split_stream(data: bytes) -> list[bytes]:
    """The units of a byte stream with start codes, as an encoder gives it."""
    starts = [found.end() for found in _START.finditer(data)]
    ends = [*(start - 3 for start in starts[1:]), len(data)]
    return [data[start:end].rstrip(b"\0") for start, end in zip(starts, ends, strict=True)]


def split_sample(sample: bytes, width: int = 4) -> Iterator[bytes]:
    """The units of a sample with lengths of `width` bytes before each."""
    at = 0
    while at + width <= len(sample):
        length = int.from_bytes(sample[at : at + width], "big")
        yield sample[at + width : at + width + length]
        at += width + length


def is_sound(sample: bytes) -> bool:
    """Whether the lengths in a sample lead to its end, unit by unit; what they hold is not decoded."""
    at, size, is_any = 0, len(sample), False
    while at + 4 <= size:
        length = int.from_bytes(sample[at : at + 4], "big")
        at += 4 + length
        if at > size or (length and sample[at - length] & 0x80):
            return False
        is_any = is_any or length > 0
    return is_any


def joined(units: Sequence[bytes]) -> bytes:
    """Units as one sample, each with its length in four bytes before it."""
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)


def kind_of(codec: str, unit: bytes) -> int:
    """The type number of a unit."""
    return unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63


def starts_anew(codec: str, sample: bytes) -> bool:
    """Whether a decoder with other parameters may begin at a sample: it refers to nothing before."""
    kinds = [kind_of(codec, unit) for unit in split_sample(sample) if unit]
    if codec == "h264":
        return _H264_IDR in kinds
    return any(kind in _HEVC_RANDOM_ACCESS for kind in kinds)


def slices_of(codec: str, units: Sequence[bytes]) -> list[bytes]:
    """The units that hold the picture."""
    wanted = _H264_SLICES if codec == "h264" else _HEVC_SLICES
    return [unit for unit in units if kind_of(codec, unit) in wanted]


def sets_of(codec: str, units: Sequence[bytes]) -> list[bytes]:
    """The units that hold parameters."""
    wanted = (_H264_SPS, _H264_PPS) if codec == "h264" else _HEVC_SETS
    return [unit for unit in units if kind_of(codec, unit) in wanted]


@dataclass(frozen=True, slots=True)
class AvcConfig:
    """The parameter sets of an H.264 track (`avcC`)."""

    head: bytes
    sequence_sets: tuple[bytes, ...]
    picture_sets: tuple[bytes, ...]
    tail: bytes

    @property
    def length_width(self) -> int:
        """How many bytes say how long a unit is."""
        return (self.head[4] & 3) + 1

    @property
    def free_id(self) -> int | None:
        """The highest number that none of the sets has; None when all 32 are taken."""
        taken = {Bits(unit[4:]).unsigned() for unit in self.sequence_sets}
        taken |= {Bits(unit[1:]).unsigned() for unit in self.picture_sets}
        return next((number for number in range(31, -1, -1) if number not in taken), None)

    def with_sets(self, units: Sequence[bytes]) -> bytes:
        """These sets and more, as bytes; the level is the highest of all."""
        sequence = [*self.sequence_sets, *(u for u in units if kind_of("h264", u) == _H264_SPS)]
        pictures = [*self.picture_sets, *(u for u in units if kind_of("h264", u) == _H264_PPS)]
        level = max(unit[3] for unit in sequence)
        head = self.head[:3] + bytes([level, self.head[4], 0xE0 | len(sequence)])
        return head + _sized(sequence) + bytes([len(pictures)]) + _sized(pictures) + self.tail


def read_avc_config(extradata: bytes) -> AvcConfig:
    """Read an `avcC`; `ValueError` or `IndexError` when it is none."""
    if extradata[:1] != b"\x01":
        raise ValueError("no avcC")
    sequence, at = _take(extradata, 6, extradata[5] & 31)
    pictures, at = _take(extradata, at + 1, extradata[at])
    return AvcConfig(extradata[:6], sequence, pictures, extradata[at:])


def hevc_sets(extradata: bytes) -> list[bytes]:
    """The parameter sets of an `hvcC`, in its order; `IndexError` when it is cut short."""
    found: list[bytes] = []
    at = 23
    for _ in range(extradata[22]):
        units, at = _take(extradata, at + 3, int.from_bytes(extradata[at + 1 : at + 3], "big"))
        found += [unit for unit in units if kind_of("hevc", unit) in _HEVC_SETS]
    return found


def hevc_length_width(extradata: bytes) -> int:
    """How many bytes say how long a unit is, by an `hvcC`."""
    return (extradata[21] & 3) + 1


def _take(data: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    units = []
    for _ in range(count):
        length = int.from_bytes(data[at : at + 2], "big")
        units.append(data[at + 2 : at + 2 + length])
        if not length or len(units[-1]) != length:
            raise IndexError("a parameter set is cut short")
        at += 2 + length
    return tuple(units), at


def _sized(units: Sequence[bytes]) -> bytes:
    return b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


class Bits:
    """Reads the numbers of a parameter set."""

    def __init__(self, data: bytes) -> None:
        clean = data.replace(b"\0\0\x03", b"\0\0")
        self._bits = "".join(f"{byte:08b}" for byte in clean)
        self._at = 0

    def number(self, count: int) -> int:
        """The next `count` bits."""
        if self._at + count > len(self._bits):
            raise IndexError("a parameter set is cut short")
        found = self._bits[self._at : self._at + count]
        self._at += count
        return int(found or "0", 2)

    def unsigned(self) -> int:
        """The next Exp-Golomb number."""
        zeros = 0
        while not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)


def says_reordering(sequence_set: bytes) -> bool:
    """Whether an H.264 sequence set says how many frames are out of order: else a decoder must guess."""
    bits = Bits(sequence_set[4:])
    bits.unsigned()
    if sequence_set[1] in _HIGH_PROFILES:
        _skip_high_profile(bits)
    bits.unsigned()
    _skip_picture_order(bits)
    bits.unsigned()
    bits.number(1)
    for _ in range(2):
        bits.unsigned()
    if not bits.number(1):
        bits.number(1)
    bits.number(1)
    if bits.number(1):
        for _ in range(4):
            bits.unsigned()
    return bool(bits.number(1)) and _usability_says_reordering(bits)


def _skip_high_profile(bits: Bits) -> None:
    if bits.unsigned() == 3:
        bits.number(1)
    bits.unsigned()
    bits.unsigned()
    bits.number(1)
    if bits.number(1):
        raise ValueError("scaling lists are not read")


def _skip_picture_order(bits: Bits) -> None:
    kind = bits.unsigned()
    if kind == 0:
        bits.unsigned()
    elif kind == 1:
        bits.number(1)
        bits.unsigned()
        bits.unsigned()
        for _ in range(bits.unsigned()):
            bits.unsigned()


def _usability_says_reordering(bits: Bits) -> bool:
    if bits.number(1) and bits.number(8) == 255:
        bits.number(32)
    if bits.number(1):
        bits.number(1)
    if bits.number(1):
        bits.number(4)
        if bits.number(1):
            bits.number(24)
    if bits.number(1):
        bits.unsigned()
        bits.unsigned()
    if bits.number(1):
        bits.number(65)
    has_hrd = [_skip_hrd(bits) for _ in range(2)]
    if any(has_hrd):
        bits.number(1)
    bits.number(1)
    return bool(bits.number(1))


def _skip_hrd(bits: Bits) -> bool:
    if not bits.number(1):
        return False
    count = bits.unsigned() + 1
    bits.number(8)
    for _ in range(count):
        bits.unsigned()
        bits.unsigned()
        bits.number(1)
    bits.number(20)
    return True
