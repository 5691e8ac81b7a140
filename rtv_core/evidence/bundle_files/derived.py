"""Presentations in a bundle, held against their signed and sealed records; `verify.py` carries this."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rtv_core.evidence.bundle_files.signed import (
    Broken,
    Files,
    Key,
    Log,
    content_of,
    entry_in_log,
    open_note,
    sealed_films,
)
from rtv_core.evidence.bundle_files.stamps import Times, check_times

DERIVED_FORMAT = "rtv-hub/derived/v1"
SHOWN, RECORDS = "data/presentation/", "seal/derived/"


def check_derived(files: Files, key: Key, log: Log, times: Times) -> dict[str, list[str]]:
    """Every presentation is what its record names; by folder, the hashes of the films it was made of."""
    records = {path[len(RECORDS) :].removesuffix(".json"): path for path in files if path.startswith(RECORDS)}
    shown: dict[str, dict[str, str]] = {}
    for path in files:
        if path.startswith(SHOWN):
            folder, _, name = path[len(SHOWN) :].partition("/")
            shown.setdefault(folder, {})[name] = files[path][0]
    if set(records) != set(shown):
        raise Broken("presentations and records do not belong together")
    return {
        folder: _check_record(folder, json.loads(content_of(files, path)), shown[folder], key, (log, times))
        for folder, path in records.items()
    }


def _check_record(
    folder: str, derived: dict[str, Any], shown: dict[str, str], key: Key, sealed: tuple[Log, Times]
) -> list[str]:
    log, times = sealed
    digest = hashlib.sha256(derived["record"].encode()).hexdigest()
    text = open_note(derived["note"].encode(), key, f"the record of {folder}")
    if text != f"{DERIVED_FORMAT}\n{digest}\n":
        raise Broken(f"the signature is not over the record of {folder}")
    record = json.loads(derived["record"])
    films = record["films"]
    named = {one["name"]: one["sha256"] for film in films for one in (film, film["sheet"], *film["stills"])}
    if named != shown:
        raise Broken(f"the presentation {folder} is not the one that its record names")
    entry = entry_in_log(log, derived["proof"], f"the record of {folder}")
    if entry["kind"] != "presentation" or entry["record_sha256"] != digest:
        raise Broken(f"the record of {folder} is not the one that was sealed")
    clip = entry_in_log(log, derived["clip"], f"the clip of {folder}")
    sources = [film["source_sha256"] for film in films]
    place = record["clip_leaf_index"]
    if place != derived["clip"]["leaf_index"] or not set(sources) <= set(sealed_films(derived["clip"])):
        raise Broken(f"the record of {folder} is about another clip")
    clip_sealed_at = check_times(f"the clip of {folder}", clip, times)
    if check_times(f"the presentation {folder}", entry, times) < clip_sealed_at:
        raise Broken(f"the presentation {folder} was made before its clip was sealed")
    return sources


def check_shown(facts: dict[str, Any], shown: dict[str, list[str]]) -> None:
    """The facts' clips are shown by presentations made of them; one whose film is not here must be."""
    for clip in facts.get("clips", []):
        folder = clip.get("presentation")
        if folder is None and clip["file"] is None:
            raise Broken("the facts name a film that is neither here nor shown")
        if folder is not None and clip["sha256"] not in shown.get(folder, []):
            raise Broken(f"the presentation {folder} is made of another clip than the facts say")
