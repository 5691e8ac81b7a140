"""The certificate says what is known, leaves open what is not, and is the same on repeat."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from typing import Any

import pdfplumber

from rtv_core.claims.certificate import section_63_certificate
from rtv_core.claims.package import BundledFilm

MADE_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CAMERA = {"make": "Acme", "model": "Eye 4", "serial_no": "SN12345", "node_code": "CFA-1", "bay_code": "B1"}


def _clip(**changes: Any) -> dict[str, Any]:
    return {
        "camera_code": "CAM-1", "capture_id": None, "sha256": "a" * 64, "size_bytes": 1_234_567,
        "window_start_at": "2026-11-01T10:00:00+05:30", "window_end_at": "2026-11-01T10:02:00+05:30",
        **changes,
    }  # fmt: skip


def _certificate() -> bytes:
    clips = [_clip(), _clip(camera_code=None, capture_id="CAP-7", sha256="b" * 64)]
    films = [
        BundledFilm("001-CAM-1.mp4", "key", "a" * 64, 17, {}),
        BundledFilm("002-CAM-1.mp4", "key", "c" * 64, 17, {}),
        BundledFilm("003-CAP-7.webm", "key", "b" * 64, 18, {}),
    ]
    facts = {"claim_no": "P-1", "clips": clips}
    payload = {"facts.json": b"{}", "letter.pdf": b"letter"}
    return section_63_certificate(facts, films, {"CAM-1": CAMERA}, payload=payload, made_at=MADE_AT)


def test_it_names_devices_and_every_record_with_its_hash() -> None:
    with pdfplumber.open(io.BytesIO(_certificate())) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    assert "PART A" in pages[0]
    assert "PART B" in pages[1]
    for page in pages[:2]:
        assert "Acme Eye 4" in page
        assert "SN12345" in page
        assert "unboxing CAP-7" in page
    for digest in ("a" * 64, "b" * 64, "c" * 64, hashlib.sha256(b"letter").hexdigest()):
        assert digest in pages[2]
    assert "04:30:00 to 01 Nov 2026 04:32:00 UTC" in pages[2]


def test_the_same_claim_gives_the_same_bytes() -> None:
    assert _certificate() == _certificate()
