"""Codes are read from real photographs and from films, and none is read wrong."""

from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from rtv_core.errors import InvalidInput
from rtv_core.evidence.barcodes import scan_codes
from tests.fixtures.films import write_film

# github.com/zxing-cpp/zxing-cpp, test/samples (Apache-2.0); not part of this repository.
_PHOTOGRAPHS = Path(__file__).resolve().parents[5] / "shared" / "samples" / "barcodes"
_READ = {"code128-1": (6, 0), "datamatrix-1": (29, 0), "ean13-1": (14, 2), "qrcode-1": (8, 0)}


@pytest.mark.parametrize("folder", _READ)
def test_photographs_are_read_as_the_text_beside_them_and_none_wrong(folder: str) -> None:
    if not (_PHOTOGRAPHS / folder).is_dir():
        pytest.skip("the photographs of zxing-cpp are not beside this checkout (shared/samples/barcodes)")
    read = missed = 0
    wrong: list[str] = []
    for picture in sorted((_PHOTOGRAPHS / folder).iterdir()):
        truth = picture.with_suffix(".txt")
        if picture.suffix not in (".png", ".webp") or not truth.exists():
            continue
        texts = [code.text for code in scan_codes(picture)]
        if not texts:
            missed += 1
        elif truth.read_bytes().decode() in texts:
            read += 1
        else:
            wrong.append(picture.name)
    assert wrong == []
    assert (read, missed) == _READ[folder]


def _label(text: str) -> np.ndarray:
    """A parcel label on a grey table."""
    table = np.full((240, 320, 3), 120, dtype=np.uint8)
    code = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4))
    height, width = code.shape
    table[40 : 40 + height, 60 : 60 + width] = code[:, :, None]
    return table


def _plain() -> np.ndarray:
    return np.full((240, 320, 3), 120, dtype=np.uint8)


@pytest.mark.parametrize(("name", "codec"), [("film.mp4", "libx264"), ("film.webm", "libvpx")])
def test_codes_of_a_film_come_with_their_times(name: str, codec: str, tmp_path: Path) -> None:
    pictures = [_plain()] * 10 + [_label("AWB-4711")] * 20 + [_plain()] * 10 + [_label("8901030865278")] * 10
    path = write_film(tmp_path / name, codec=codec, pictures=pictures, b_frames=0)
    found = scan_codes(path)
    assert [(code.text, code.format) for code in found] == [
        ("AWB-4711", "QRCode"),
        ("8901030865278", "QRCode"),
    ]
    first, second = found
    assert (first.first_seconds, first.last_seconds) == pytest.approx((1.0, 2.8), abs=0.11)
    assert (second.first_seconds, second.last_seconds) == pytest.approx((4.0, 4.8), abs=0.11)
    assert first.frames == 10


def test_a_code_on_one_frame_counts_only_when_it_is_expected(tmp_path: Path) -> None:
    pictures = [_plain()] * 10 + [_label("ONCE")] + [_plain()] * 9
    path = write_film(tmp_path / "film.mp4", pictures=pictures, b_frames=0)
    assert scan_codes(path, samples_per_second=10) == []
    (code,) = scan_codes(path, samples_per_second=10, expected=["ONCE"])
    assert (code.frames, code.is_expected) == (1, True)


@pytest.mark.parametrize("shown", [range(2, 6), range(4, 8), range(6, 20), range(16, 20)])
def test_a_code_on_its_side_is_read_in_every_sample_that_shows_it(shown: range, tmp_path: Path) -> None:
    """Only a thorough look reads it; every other sample is looked at quickly until one shows a code."""
    table = _plain()
    code = zxingcpp.create_barcode("8901030865275", zxingcpp.BarcodeFormat.EAN13).to_image(scale=2)
    bars = np.asarray(code).T
    table[: bars.shape[0], 100 : 100 + bars.shape[1]] = bars[:, :, None]
    pictures = [table if number in shown else _plain() for number in range(20)]
    path = write_film(tmp_path / "film.mp4", pictures=pictures, b_frames=0)
    (found,) = scan_codes(path)
    assert (found.text, found.frames) == ("8901030865275", len(shown) // 2)
    assert (found.first_seconds, found.last_seconds) == pytest.approx(
        (shown[0] / 10, shown[-2] / 10), abs=0.01
    )


@pytest.mark.parametrize("name", ["text.mp4", "text.png", "empty.mp4", "empty.jpg"])
def test_what_is_neither_film_nor_picture_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("" if name.startswith("empty") else "ffconcat version 1.0\nfile other.mp4\n")
    with pytest.raises(InvalidInput):
        scan_codes(path)
