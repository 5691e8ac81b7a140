"""Any picture becomes a small, plain one; what is no picture is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from rtv_core.errors import InvalidInput
from rtv_core.pictures import SIDE_PX, small_picture


def written(picture: Image.Image, kind: str, **extra: object) -> bytes:
    sink = BytesIO()
    picture.save(sink, kind, **extra)
    return sink.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_square_on_white(kind: str) -> None:
    made = Image.open(BytesIO(small_picture(written(Image.new("RGB", (900, 300), "navy"), kind))))
    assert (made.format, made.size) == ("WEBP", (SIDE_PX, SIDE_PX))
    plain = made.convert("RGB")
    assert min(plain.getpixel((160, 10))) > 250
    assert plain.getpixel((160, 160))[0] < 20


def test_a_picture_stands_upright_and_says_nothing_of_its_camera() -> None:
    lying = Image.new("RGB", (400, 200), "red")
    lying.paste("blue", (200, 0, 400, 200))
    facts = Image.Exif()
    facts[0x0112], facts[0x010F] = 6, "A camera"  # To be turned by 90 degrees; who made it.
    made = Image.open(BytesIO(small_picture(written(lying, "JPEG", exif=facts))))
    assert not made.getexif()
    plain = made.convert("RGB")
    above, below = plain.getpixel((160, 40)), plain.getpixel((160, 280))
    assert above[0] > 200 > 60 > above[2], "what was left is above"
    assert below[2] > 200 > 60 > below[0], "what was right is below"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n but no more",
        written(Image.new("RGB", (300, 300)), "JPEG")[:400],
        written(Image.new("1", (20_000, 20_000)), "PNG"),
        written(Image.new("RGB", (30, 30)), "GIF"),
    ],
    ids=["empty", "svg", "broken", "cut", "huge", "gif"],
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        small_picture(data)
    assert refused.value.code == "PICTURE_INVALID"
