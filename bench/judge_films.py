"""Makes films for judging the judge: scenes of real and made cameras, honest or forged, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from rtv_cli.simulator.film_picture import FRAMES_A_SECOND, frames
from rtv_cli.simulator.model import Camera
from rtv_cli.simulator.scenes import Scene, Shown

Plane = NDArray[np.uint8]
WIDTH, HEIGHT = 480, 272
MOST_FRAMES = 420
"""Frames kept of each source; takes are drawn from anywhere in them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A camera's pictures, grey, and at which rate it took them."""

    name: str
    rate: int
    pictures: Sequence[Plane]


@dataclass(frozen=True, slots=True)
class Forged:
    """The frames that a film is encoded from, its rate, and the seconds that its capture took."""

    pictures: list[Plane]
    rate: Fraction
    lasted_seconds: float


def real_source(path: Path, *, from_frame: int = 0, most: int = MOST_FRAMES) -> Source:
    """Pictures of a real film, every other one where it has more than 20 a second."""
    pictures: list[Plane] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stride = 2 if float(stream.average_rate or 10) > 20 else 1
        rate = round(float(stream.average_rate or 10) / stride)
        wanted = islice(container.decode(stream), from_frame, from_frame + most * stride, stride)
        pictures.extend(_small(frame) for frame in wanted)
    return Source(path.stem, rate, pictures)


def _small(frame: av.VideoFrame) -> Plane:
    return frame.reformat(WIDTH, HEIGHT, "gray", interpolation="AREA").to_ndarray()


def made_source(roll: np.random.Generator) -> Source:
    """A scene of the simulator: no noise, a hand that never rests, a label that drifts."""
    begin = datetime(2026, 11, 1, 4, tzinfo=UTC)
    camera = Camera("CAM-1", "N", "B", 0, "Asia/Kolkata")
    shown = (Shown("AWB-4711", "Code128", begin + timedelta(seconds=2), begin + timedelta(seconds=9)),)
    scene = Scene(camera, "held-out", begin, begin + timedelta(seconds=42), int(roll.integers(1, 4)), shown)
    height = 360
    pictures = [
        _small(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height]), format="gray"))
        for picture in frames(scene)
    ]
    return Source("simulated", FRAMES_A_SECOND, pictures)


def still_source(pictures: Sequence[Plane], roll: np.random.Generator, *, noise: float) -> Source:
    """One picture of a real film, filmed on with the noise of a sensor: nothing moves."""
    scene = pictures[int(roll.integers(len(pictures)))].astype(np.float32)
    kept = [
        np.clip(scene + roll.normal(0, noise, scene.shape).astype(np.float32), 0, 255).astype(np.uint8)
        for _ in range(MOST_FRAMES // 2)
    ]
    return Source("still", 10, kept)


def flickering(source: Source, roll: np.random.Generator) -> Source:
    """The same under a lamp that beats with the camera."""
    depth, pace = float(roll.uniform(0.03, 0.12)), float(roll.uniform(0.6, 2.8))
    lit = [
        np.clip(picture * (1 + depth * np.sin(number * pace)), 0, 255).astype(np.uint8)
        for number, picture in enumerate(source.pictures)
    ]
    return Source(f"{source.name} flickering", source.rate, lit)


def take_of(source: Source, roll: np.random.Generator, seconds: float) -> list[Plane]:
    """A stretch of a source."""
    count = min(round(seconds * source.rate), len(source.pictures))
    begin = int(roll.integers(0, len(source.pictures) - count + 1))
    return list(source.pictures[begin : begin + count])


def honest(take: list[Plane], source: Source, _: np.random.Generator) -> Forged:
    """The take as it is."""
    return Forged(take, Fraction(source.rate), len(take) / source.rate)


def cut_out(take: list[Plane], source: Source, roll: np.random.Generator) -> Forged:
    """Without one to four seconds of its middle, which its capture took."""
    gone = round(float(roll.uniform(1, 4)) * source.rate)
    place = int(roll.integers(source.rate, max(source.rate + 1, len(take) - gone - source.rate)))
    return Forged(
        [*take[:place], *take[place + gone :]], Fraction(source.rate), (len(take) - gone) / source.rate
    )


def joined(take: list[Plane], source: Source, roll: np.random.Generator) -> Forged:
    """Its end is that of another take of the same camera."""
    other = take_of(source, roll, len(take) / source.rate)
    place = int(roll.integers(source.rate, len(take) - source.rate))
    return Forged([*take[:place], *other[place:]], Fraction(source.rate), len(take) / source.rate)


def held(take: list[Plane], source: Source, roll: np.random.Generator) -> Forged:
    """One picture held for one and a half to four seconds."""
    count = round(float(roll.uniform(1.5, 4)) * source.rate)
    place = int(roll.integers(source.rate, len(take) - count - source.rate))
    pictures = [*take[:place], *[take[place]] * count, *take[place + count :]]
    return Forged(pictures, Fraction(source.rate), len(take) / source.rate)


def looped(take: list[Plane], source: Source, roll: np.random.Generator) -> Forged:
    """One and a half to three seconds shown once more in the place of what came later."""
    count = round(float(roll.uniform(1.5, 3)) * source.rate)
    begin = int(roll.integers(0, len(take) - 2 * count - source.rate))
    place = int(roll.integers(begin + count, len(take) - count))
    pictures = [*take[:place], *take[begin : begin + count], *take[place + count :]]
    return Forged(pictures, Fraction(source.rate), len(take) / source.rate)


def doubled(take: list[Plane], source: Source, _: np.random.Generator) -> Forged:
    """Half as fast: each picture twice."""
    slow = [picture for picture in take[: len(take) // 2] for _ in range(2)]
    return Forged(slow, Fraction(source.rate), len(take) / source.rate)


def hurried(take: list[Plane], source: Source, roll: np.random.Generator) -> Forged:
    """Shown 1.5 to 2.5 times as fast as it was filmed; only the length of its capture tells."""
    factor = Fraction(int(roll.integers(6, 11)), 4)
    return Forged(take, source.rate * factor, len(take) / source.rate)


ATTACKS: dict[str, Callable[[list[Plane], Source, np.random.Generator], Forged]] = {
    "honest": honest, "cut out": cut_out, "joined": joined, "held": held, "looped": looped,
    "doubled": doubled, "hurried": hurried,
}  # fmt: skip


def encodings(roll: np.random.Generator) -> dict[str, str | int]:
    """How one film is encoded: codec, pressure, keyframes, B-frames."""
    codec = str(roll.choice(["libx264", "libx264", "libx265", "libvpx"]))
    return {
        "codec": codec, "crf": int(roll.integers(20, 32)), "gop": int(roll.choice([10, 20, 40, 120])),
        "b_frames": int(roll.choice([0, 2])),
    }  # fmt: skip


def write_film(path: Path, forged: Forged, made: dict[str, str | int]) -> Path:
    """Encode a film; `made` is one draw of `encodings`."""
    codec, crf, b_frames = str(made["codec"]), str(made["crf"]), str(made["b_frames"])
    options = {
        "libx264": {"preset": "veryfast", "crf": crf, "bf": b_frames, "threads": "1"},
        "libx265": {
            "preset": "ultrafast", "crf": crf,
            "x265-params": f"bframes={b_frames}:log-level=error:pools=1",
        },
        "libvpx": {"deadline": "realtime", "cpu-used": "8", "crf": crf, "b": "1000000"},
    }  # fmt: skip
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream(codec, rate=forged.rate, options=options[codec])
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = int(made["gop"])
        stream.codec_context.time_base = 1 / forged.rate
        for number, picture in enumerate(_in_colour(forged.pictures)):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / forged.rate
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path


def _in_colour(pictures: Sequence[Plane]) -> Iterator[Plane]:
    """Planar 4:2:0 without colour."""
    grey = np.full((HEIGHT // 2, WIDTH), 128, dtype=np.uint8)
    for picture in pictures:
        yield np.concatenate([picture, grey])
