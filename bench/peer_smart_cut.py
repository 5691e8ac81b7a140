"""A plain smart cut through PyAV, as a peer: decode and encode the head GOP, copy the packets after it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av


def smart_cut(source: Path, target: Path, start_s: float, end_s: float) -> None:
    """Cut without any index, hash or manifest; H.264 without B-frames."""
    with av.open(str(source)) as film, av.open(str(target), "w") as sink:
        stream = film.streams.video[0]
        stream.thread_type = "NONE"
        out = sink.add_stream_from_template(stream)
        head = av.CodecContext.create("libx264", "w")
        head.width, head.height, head.pix_fmt = stream.width, stream.height, stream.pix_fmt
        head.time_base = Fraction(stream.time_base)
        head.thread_count = 1
        head.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "17"}
        start, end = int(start_s / stream.time_base), int(end_s / stream.time_base)
        film.seek(start, stream=stream)
        is_head, lead = True, start
        for packet in film.demux(stream):
            if packet.pts is None or packet.pts >= end:
                break
            if is_head and packet.is_keyframe and packet.pts >= start:
                is_head = False
                for made in head.encode(None):
                    _put(sink, out, made, lead)
            if not is_head:
                _put(sink, out, packet, lead)
                continue
            for frame in packet.decode():
                if frame.pts >= start:
                    frame.pict_type = av.video.frame.PictureType.NONE
                    for made in head.encode(frame):
                        _put(sink, out, made, lead)


def _put(sink: av.container.OutputContainer, out: av.VideoStream, packet: av.Packet, lead: int) -> None:
    packet.stream = out
    packet.pts, packet.dts = packet.pts - lead, packet.dts - lead
    sink.mux(packet)
