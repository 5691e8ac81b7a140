"""One track of two encodings: samples copied as they are, and frames encoded anew beside them.

In H.264 both parameter sets stand in the track's configuration under numbers of their own, so that no copied
sample is touched. In H.265 they stand before the samples that begin an encoding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import av

from rtv_core.evidence import nal

# A constant step costs half of what a constant rate does, and is above 50 dB in a bay.
_STEP = "18"
# What the encoder declares with pyramids of B-frames, of which it is given none to make.
_DECLARED_DEPTH = 2
_ENCODERS = {"h264": "libx264", "hevc": "libx265"}
_X265 = "keyint=-1:bframes=0:frame-threads=1:pools=none:repeat-headers=1:info=0:log-level=none"
_TICK = Fraction(1, 25)


class NotJoinable(Exception):
    """Two encodings of this film cannot stand in one track."""


@dataclass(frozen=True, slots=True)
class OutSample:
    """One sample of the track: bytes of its own, then those of the source's sample at `place`, if any."""

    content: bytes
    place: int | None
    pts: int
    size: int
    is_key: bool


class Joint:
    """Collects a track's samples in decoding order; `NotJoinable` where the codec does not allow it."""

    def __init__(self, codec: str, codec_tag: str, extradata: bytes, depth: int) -> None:
        """A track of a film whose frames come up to `depth` places later in decoding than in showing."""
        self.samples: list[OutSample] = []
        self._codec, self._codec_tag, self._extradata = codec, codec_tag, extradata
        self._depth = depth
        self._sets: list[bytes] = []
        self._is_own_active = False

    @property
    def extradata(self) -> bytes:
        """The track's configuration."""
        if self._codec == "h264" and self._sets:
            return nal.read_avc_config(self._extradata).with_sets(self._sets)
        return self._extradata

    @property
    def codec_tag(self) -> str:
        """How the track says where its parameters stand."""
        return "hev1" if self._codec == "hevc" and self._sets else self._codec_tag

    def copy(self, place: int, pts: int, size: int, *, is_key: bool) -> None:
        """Add a sample of the source as it is."""
        prefix = b""
        if self._is_own_active:
            self._is_own_active = False
            if self._codec == "hevc":
                last = self.samples[-1]
                ended = last.content + nal.joined([nal.END_OF_SEQUENCE])
                self.samples[-1] = replace(last, content=ended, size=len(ended))
                prefix = nal.joined(nal.hevc_sets(self._extradata))
        self.samples.append(OutSample(prefix, place, pts, len(prefix) + size, is_key))

    def encode(self, frames: Iterable[Any], pts: Sequence[int]) -> None:
        """Add frames, in the order shown, encoded anew; `pts` are those that must come."""
        packets: list[bytes] = []
        shown: list[int] = []
        encoder = None
        options = self._encoder_options()
        for frame in frames:
            encoder = encoder or self._encoder(frame, options)
            shown.append(frame.pts)
            frame.pts, frame.time_base, frame.pict_type = len(shown), _TICK, _kind(len(shown))
            packets += map(bytes, encoder.encode(frame))
        if encoder is None or tuple(shown) != tuple(pts):
            raise NotJoinable("a decoder does not show the frames that the index names")
        packets += map(bytes, encoder.encode(None))
        for number, (at, packet) in enumerate(zip(pts, packets, strict=True)):
            self._add(packet, at, is_first=number == 0)
        self._is_own_active = True

    def _add(self, packet: bytes, pts: int, *, is_first: bool) -> None:
        units = nal.split_stream(packet)
        slices = nal.slices_of(self._codec, units)
        if is_first:
            self._sets = nal.sets_of(self._codec, units)
            if self._codec == "hevc":
                slices = [*self._sets, *slices]
        content = nal.joined(slices)
        self.samples.append(OutSample(content, None, pts, len(content), is_first))

    def _encoder_options(self) -> dict[str, str]:
        """What the encoder is told, when the source's own parameters leave room for a second encoding."""
        try:
            if self._codec == "h264":
                return {"x264-params": f"sps-id={self._free_id()}:scenecut=0{self._declared_depth()}"}
            if nal.hevc_length_width(self._extradata) != 4 or not nal.hevc_sets(self._extradata):
                raise NotJoinable("lengths of units are not written in four bytes")
        except (ValueError, IndexError) as error:
            raise NotJoinable("the track's configuration cannot be read") from error
        return {"x265-params": _X265}

    def _free_id(self) -> int:
        config = nal.read_avc_config(self._extradata)
        number = config.free_id
        if config.length_width != 4 or number is None:
            raise NotJoinable("the track's configuration leaves no room for a second encoding")
        return number

    def _declared_depth(self) -> str:
        """Where the film does not say how far its frames are out of order, ours does, though in order itself.

        A decoder that began with less would show the first frames after the joint too early.
        """
        sets = nal.read_avc_config(self._extradata).sequence_sets
        if self._depth == 0 or all(map(nal.says_reordering, sets)):
            return ""
        if self._depth > _DECLARED_DEPTH:
            raise NotJoinable("the film does not say how far its frames are out of order")
        return ":bframes=3:b-pyramid=normal:b-adapt=0"

    def _encoder(self, frame: Any, options: dict[str, str]) -> Any:
        if frame.interlaced_frame:
            raise NotJoinable("the film is interlaced")
        try:
            encoder = av.CodecContext.create(_ENCODERS[self._codec], "w")
            encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, frame.format.name
            encoder.time_base, encoder.framerate, encoder.thread_count = _TICK, 1 / _TICK, 1
            encoder.color_range, encoder.colorspace = frame.color_range, frame.colorspace
            encoder.color_primaries, encoder.color_trc = frame.color_primaries, frame.color_trc
            encoder.gop_size = 1 << 20
            encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": _STEP, **options}
            encoder.open()
        except (ValueError, av.FFmpegError) as error:
            raise NotJoinable(f"no encoder for {frame.format.name}") from error
        return encoder


def _kind(number: int) -> Any:
    """The first frame stands alone, each other one refers to what was before: no frame is out of order."""
    kinds = av.video.frame.PictureType
    return kinds.I if number == 1 else kinds.P
