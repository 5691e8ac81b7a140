"""The time beacon: only this hub's codes count; a film of them gives the offset within its uncertainty."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.barcodes import scan_codes
from rtv_core.evidence.beacon import beacon_svg, beacon_text, offset_from, read_beacon_text
from rtv_core.evidence.notes import VerifierKey
from rtv_core.model.clip import CodeSeen
from tests.fixtures.beacons import beacon_film, screen
from tests.fixtures.bundles import HUB, STRANGER

_NOW = datetime(2026, 11, 1, 10, 0, 0, 250_000, tzinfo=UTC)
_KEY = VerifierKey(HUB.name, HUB.public_bytes)


def test_a_code_of_this_hub_says_its_time_and_no_other_code_does() -> None:
    text = beacon_text(HUB, _NOW)
    assert read_beacon_text(text, _KEY) == _NOW
    stated = text.split(":")[1]
    for forged in (
        text.replace(stated, str(int(stated) + 1)),
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        beacon_text(STRANGER, _NOW),
        "RTVT1:" + text,
        "AWB123",
    ):
        assert read_beacon_text(forged, _KEY) is None, forged


def test_the_picture_on_the_page_holds_the_text() -> None:
    text = beacon_text(HUB, _NOW)
    assert beacon_svg(text).startswith(b"<?xml")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(_png(text))))
    assert [code.text for code in read] == [text]


def _png(text: str) -> bytes:
    sink = io.BytesIO()
    Image.fromarray(screen(text)).save(sink, "PNG")
    return sink.getvalue()


@pytest.mark.parametrize("ahead", [-3600.0, -1.3, 0.0, 42.0])
def test_the_offset_is_read_from_a_film_within_its_uncertainty(
    ahead: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "beacon.mp4"
    codes = scan_codes(path if path.exists() else beacon_film(path, HUB, _NOW), samples_per_second=10)
    reading = offset_from(codes, _KEY, _NOW + timedelta(seconds=ahead))
    assert abs(reading.offset_seconds - ahead) <= reading.uncertainty_seconds
    assert reading.uncertainty_seconds < 0.5
    assert _NOW <= reading.measured_at <= _NOW + timedelta(seconds=4)
    assert reading.method == "beacon"


def test_a_film_without_a_beacon_says_so() -> None:
    with pytest.raises(NotFound) as caught:
        offset_from([CodeSeen("AWB123", "Code128", 0.0, 1.0, 9)], _KEY, _NOW)
    assert caught.value.code == "BEACON_NOT_SEEN"


def test_a_clock_that_is_set_within_a_film_is_noticed(tmp_path: Path) -> None:
    path = beacon_film(tmp_path / "jump.mp4", HUB, _NOW, seconds=3.0, jump_at=1.5)
    codes = scan_codes(path, samples_per_second=10)
    with pytest.raises(InvalidInput) as caught:
        offset_from(codes, _KEY, _NOW)
    assert caught.value.code == "BEACON_DISAGREES"
