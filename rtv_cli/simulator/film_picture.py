"""Draws the frames of a made film: a bench, something that moves, the clock, and codes that decode."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from rtv_cli.simulator.scenes import Scene, Shown

WIDTH, HEIGHT, FRAMES_A_SECOND = 640, 360, 10
CLOCK_HEIGHT, CLOCK_LEFT, CODE_HEIGHT = 22, 6, 90
Plane = NDArray[np.uint8]


def frames(scene: Scene) -> Iterator[Plane]:
    """The scene's frames as planar YUV 4:2:0 arrays, in order."""
    still = _still(scene)
    zone = ZoneInfo(scene.camera.timezone)
    labels = [(shown, _code(shown.code, shown.symbology)) for shown in scene.shown]
    for number in range(round(scene.seconds * FRAMES_A_SECOND)):
        since = timedelta(seconds=number / FRAMES_A_SECOND)
        frame = still.copy()
        _draw_motion(frame, number, scene.cartons)
        for shown, picture in labels:
            if shown.from_at <= scene.started_at + since < shown.until_at:
                _draw_code(frame, picture, shown, scene.started_at + since)
        _draw_clock(frame, (scene.camera_started_at + since).astimezone(zone))
        yield frame


def _still(scene: Scene) -> Plane:
    """What never moves: the bench, and a caption that says what this is."""
    frame = np.full((HEIGHT * 3 // 2, WIDTH), 128, dtype=np.uint8)
    shade = np.linspace(70, 120, HEIGHT, dtype=np.uint8)[:, None]
    frame[:HEIGHT] = shade
    frame[250:330, 40:600] = 96
    frame[HEIGHT:] = 126
    caption = f"{scene.camera.camera_code}  {scene.title}  SYNTHETIC"
    picture = _text(caption)
    frame[HEIGHT - CLOCK_HEIGHT : HEIGHT, : picture.shape[1]] = picture[:, :WIDTH]
    return frame


def _draw_motion(frame: Plane, number: int, cartons: int) -> None:
    """Cartons that come in one after the other, and a hand that never rests."""
    for carton in range(cartons):
        left = min(60 + carton * 90, number * 6 - carton * 60)
        if left > 0:
            frame[170:250, left : min(left + 76, WIDTH)] = 150 + 8 * (carton % 4)
            frame[208:212, left : min(left + 76, WIDTH)] = 190
    left = 300 + int(180 * np.sin(number / 17))
    top = 262 + int(24 * np.cos(number / 11))
    frame[top : top + 34, left : left + 52] = 172


def _draw_code(frame: Plane, picture: Plane, shown: Shown, at: datetime) -> None:
    """The label drifts a little, as one held by hand does."""
    drift = int((at - shown.from_at).total_seconds() * 4) % 12
    left, top = (WIDTH - picture.shape[1]) // 2 + drift, 50 + drift // 2
    frame[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def _draw_clock(frame: Plane, local: datetime) -> None:
    text = f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 100_000} {local:%z}"
    left = CLOCK_LEFT
    for letter in text:
        picture = _letter(letter)
        frame[4 : 4 + CLOCK_HEIGHT, left : left + picture.shape[1]] = picture
        left += picture.shape[1]


@cache
def _letter(letter: str) -> Plane:
    return _text(letter)


def _text(text: str) -> Plane:
    font = ImageFont.load_default(16)
    width = max(8, int(font.getlength(text)) + 2)
    image = Image.new("L", (width, CLOCK_HEIGHT), 20)
    ImageDraw.Draw(image).text((1, 1), text, fill=235, font=font)
    return np.asarray(image, dtype=np.uint8)


def _code(code: str, symbology: str) -> Plane:
    """A printed code with its quiet zone, twice or three times as wide as its narrowest bar."""
    barcode = zxingcpp.create_barcode(code, getattr(zxingcpp.BarcodeFormat, symbology))
    bars = np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=True))
    line = bars[bars.shape[0] // 2].astype(np.uint8)
    wide = np.repeat(line, 2 if symbology == "Code128" else 3)
    wide = np.pad(wide, (16, 16), constant_values=255)
    picture = np.full((CODE_HEIGHT + 24, wide.size), 235, dtype=np.uint8)
    picture[12 : 12 + CODE_HEIGHT] = np.where(wide > 127, 235, 18)
    return picture
