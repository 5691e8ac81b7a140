"""What a claim's proof bundle says: the facts, composed from the claim as it was approved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rtv_core.evidence.bundle_files.derived import SHOWN
from rtv_core.model.claim import Claim
from rtv_core.model.money import format_minor
from rtv_core.warehouse.claim_sources import ClipOnRecord
from rtv_core.warehouse.presentation_store import PresentationOnRecord

_SUFFIXES = {"mp4", "webm", "mkv", "mov", "m4v", "avi", "ts", "jpg", "png"}


@dataclass(frozen=True, slots=True)
class BundledFilm:
    """One film file of a bundle: a clip, or a later part of one whose window met a change of format."""

    name: str
    object_key: str
    sha256: str
    leaf_index: int
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BundledPresentation:
    """What shows a clip in a bundle: the folder of its files, and the clip that it was made of."""

    folder: str
    presentation: PresentationOnRecord
    clip: ClipOnRecord

    @property
    def film(self) -> str:
        """The path of its first film in the bundle."""
        return f"{SHOWN}{self.folder}/{self.presentation.manifest['files'][0]['name']}"


def bundled_films(clips: Sequence[ClipOnRecord]) -> list[BundledFilm]:
    """The film files that leave, each once: lines seen at one moment share their film."""
    films: dict[str, BundledFilm] = {}
    for clip in clips:
        if clip.is_withheld:
            continue
        for file in _parts(clip):
            if file["sha256"] not in films:
                name = _film_name(len(films) + 1, clip, file)
                films[file["sha256"]] = BundledFilm(
                    name, file["object_key"], file["sha256"], clip.leaf_index, clip.manifest
                )
    return list(films.values())


def bundled_presentations(clips: Sequence[ClipOnRecord]) -> dict[str, BundledPresentation]:
    """By the hash of its first film, each presentation once."""
    found: dict[str, BundledPresentation] = {}
    for clip in clips:
        if clip.presentation is not None:
            sha256 = _first_film(clip.presentation)
            folder = f"{len(found) + 1:03d}-{_source(clip)}-{sha256[:12]}"
            found.setdefault(sha256, BundledPresentation(folder, clip.presentation, clip))
    return found


def _first_film(presentation: PresentationOnRecord) -> str:
    return str(presentation.manifest["files"][0]["sha256"])


def _source(clip: ClipOnRecord) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", clip.camera_code or clip.capture_id or "film")[:60]


def _parts(clip: ClipOnRecord) -> list[dict[str, Any]]:
    """The clip's files in order; the one the seal names comes first."""
    own = {"object_key": clip.object_key, "sha256": clip.sha256}
    listed = clip.manifest.get("files", [])
    return [own, *(file for file in listed if file["sha256"] != clip.sha256 and file.get("object_key"))]


def _film_name(number: int, clip: ClipOnRecord, file: dict[str, Any]) -> str:
    suffix = file["object_key"].rpartition(".")[2].lower()
    return f"{number:03d}-{_source(clip)}-{file['sha256'][:12]}.{suffix if suffix in _SUFFIXES else 'bin'}"


def document_name(document: dict[str, Any]) -> str:
    """The file name of a document in the bundle: its kind, number and the head of its hash."""
    kind = re.sub(r"[^A-Za-z0-9_-]", "_", document["document_type"])[:40]
    number = re.sub(r"[^A-Za-z0-9_-]", "_", document["document_no"])[:60]
    return f"{kind}-{number}-{document['sha256'][:12]}"


def facts_document(
    claim: Claim,
    party: dict[str, Any],
    clips: Sequence[ClipOnRecord],
    documents: Sequence[dict[str, Any]],
    *,
    films: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Everything the claim rests on, as one document. The state of the claim is left out: it moves on.

    `films` is what each unboxing film among the clips proves.
    """
    group = claim.group
    names = {film.sha256: film.name for film in bundled_films(clips)}
    shown = bundled_presentations(clips)
    return {
        "claim_no": claim.claim_no,
        "tenant_code": group.tenant_code,
        "party": {name: party.get(name) for name in ("party_code", "party_name", "gstin")},
        "platform_code": group.platform_code,
        "rtv_no": group.rtv_no,
        "transporter_code": group.transporter_code,
        "awb_no": group.awb_no,
        "claim_reason": group.claim_reason,
        "claimed_minor": claim.claimed_minor,
        "claimed": format_minor(claim.claimed_minor, group.currency_code),
        "currency_code": group.currency_code,
        "is_terms_unverified": claim.is_terms_unverified,
        "due_at": claim.due_at.isoformat() if claim.due_at else None,
        "approved_at": claim.approved_at.isoformat() if claim.approved_at else None,
        "approved_by": claim.approved_by,
        "lines": [
            {
                "discrepancy_key": line.discrepancy_key,
                "rule_code": line.rule_code,
                "sku_code": line.sku_code,
                "batch_no": line.batch_no,
                "claimed_qty": line.claimed_qty,
                "claimed_minor": line.claimed_minor,
                "facts": line.facts,
            }
            for line in claim.lines
        ],
        "clips": [_clip(clip, names, shown) for clip in clips],
        "films": [dict(film) for film in films],
        "documents": [dict(document) for document in documents],
    }


def _clip(clip: ClipOnRecord, names: dict[str, str], shown: dict[str, BundledPresentation]) -> dict[str, Any]:
    """A withheld clip has no file here; its hash and place in the log are of the film that stays."""
    files = [] if clip.is_withheld else [f"data/clips/{names[file['sha256']]}" for file in _parts(clip)]
    made = shown[_first_film(clip.presentation)] if clip.presentation else None
    return {
        "file": files[0] if files else None,
        "files": files,
        "presentation": made.folder if made else None,
        "presentation_film": made.film if made else None,
        "presentation_sha256": _first_film(made.presentation) if made else None,
        "discrepancy_key": clip.discrepancy_key,
        "camera_code": clip.camera_code,
        "capture_id": clip.capture_id,
        "cut_mode": clip.cut_mode,
        "window_start_at": clip.window_start_at.isoformat(),
        "window_end_at": clip.window_end_at.isoformat(),
        "sha256": clip.sha256,
        "size_bytes": clip.size_bytes,
        "leaf_index": clip.leaf_index,
        "manifest": clip.manifest,
    }
