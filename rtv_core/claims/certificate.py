"""The certificate of section 63(4) of the Bharatiya Sakshya Adhiniyam, 2023, prefilled for a claim's films.

The form is the Schedule of the Act: Part A for the party, Part B for the expert, with a hash report. People
fill in what is open and sign; nothing here is signed by a program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from rtv_core.claims.package import BundledFilm, BundledPresentation
from rtv_core.evidence.bundle_files.derived import SHOWN

FILE_NAME = "certificate-section-63-4.pdf"


def section_63_certificate(
    facts: dict[str, Any],
    films: Sequence[BundledFilm],
    cameras: Mapping[str, dict[str, Any]],
    *,
    presentations: Sequence[BundledPresentation] = (),
    payload: Mapping[str, bytes],
    made_at: datetime,
) -> bytes:
    """The certificate as PDF/A-2u; `cameras` by their code with make, model and serial number where known.

    The hash report names the film files, what was made of them to be shown, and the other files.
    """
    data = {
        "claim_no": facts["claim_no"],
        "is_camera": any(clip["camera_code"] for clip in facts["clips"]),
        "is_mobile": any(clip["capture_id"] for clip in facts["clips"]),
        "devices": _devices(facts["clips"], cameras),
        "records": [*_films(films, facts["clips"]), *_shown(presentations), *_files(payload)],
    }
    pdf = _compiler().compile(
        format="pdf",
        sys_inputs={"certificate": json.dumps(data, ensure_ascii=False)},
        pdf_standards="a-2u",
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    folder = Path(str(resources.files("rtv_core.claims")))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder / "fonts"]
    )
    return typst.Compiler(input=folder / "certificate.typ", root=folder, font_paths=fonts)


def _devices(clips: list[dict[str, Any]], cameras: Mapping[str, dict[str, Any]]) -> list[dict[str, str]]:
    """Each camera once, and the unboxing recorder of each capture; what is not known stays open."""
    found: dict[str, dict[str, str]] = {}
    for clip in clips:
        if clip["camera_code"]:
            camera = cameras.get(clip["camera_code"], {})
            name = f"Camera {clip['camera_code']}"
            model = " ".join(filter(None, (camera.get("make"), camera.get("model"))))
            place = " ".join(filter(None, (camera.get("node_code"), camera.get("bay_code"))))
            found[name] = {
                "name": name,
                "model": model,
                "serial_no": camera.get("serial_no") or "",
                "place": f"Place: {place}." if place else "",
            }
        elif clip["capture_id"]:
            name = f"Recorder of unboxing {clip['capture_id']}"
            found[name] = {"name": name, "model": "", "serial_no": "", "place": ""}
    return [found[name] for name in sorted(found)]


def _films(films: Sequence[BundledFilm], clips: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Every film file; of a clip in several files the first one carries the clip's window and size."""
    by_hash = {clip["sha256"]: clip for clip in clips}
    records = []
    for film in films:
        clip = by_hash.get(film.sha256)
        records.append(
            {
                "file": f"data/clips/{film.name}",
                "sha256": film.sha256,
                "size": f"{clip['size_bytes']:,}" if clip else "–",
                "entry": str(film.leaf_index),
                "about": f"Film, {_window(clip)} UTC" if clip else "Film, a further part",
            }
        )
    return records


def _shown(presentations: Sequence[BundledPresentation]) -> list[dict[str, str]]:
    """Every file made of a clip, with the place in the seal log of the record that says how."""
    return [
        {
            "file": f"{SHOWN}{one.folder}/{name}",
            "sha256": file["sha256"],
            "size": f"{file['size_bytes']:,}",
            "entry": str(one.presentation.leaf_index),
            "about": f"Made of the film with entry {one.clip.leaf_index}",
        }
        for one in presentations
        for name, file in sorted(one.presentation.files.items())
    ]


def _window(clip: dict[str, Any]) -> str:
    return " to ".join(
        f"{datetime.fromisoformat(clip[name]).astimezone(UTC):%d %b %Y %H:%M:%S}"
        for name in ("window_start_at", "window_end_at")
    )


def _files(payload: Mapping[str, bytes]) -> list[dict[str, str]]:
    return [
        {
            "file": f"data/{name}",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": f"{len(content):,}",
            "entry": "–",
            "about": "",
        }
        for name, content in sorted(payload.items())
    ]
