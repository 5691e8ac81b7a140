"""Makes a browser's recording playable: the samples are copied into a file that knows its length.

The recording itself is kept and hashed as it came; this is a copy beside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rtv_core.errors import IntegrityError
from rtv_core.evidence.containers import container_of
from rtv_core.evidence.packet_copy import sample_leaves
from rtv_core.evidence.runner import Limits, film_input, film_output, run_graph


@dataclass(frozen=True, slots=True)
class Remuxed:
    """The playable copy, and that its samples are the original's."""

    sha256: str
    size_bytes: int
    sample_count: int


def remux_recording(source: Path, target: Path, limits: Limits | None = None) -> Remuxed:
    """Copy a recording into `target` (WebM); `IntegrityError` unless the samples are the same."""
    film = film_input(source)
    run_graph(
        film_output(film, path=target, container="webm", c="copy", cues_to_front=1, reserve_index_space=0),
        limits,
    )
    original = sample_leaves(source, container_of(source))
    if sample_leaves(target, "matroska") != original:
        raise IntegrityError(
            f"The copy of {source.name} does not hold its samples",
            remedy="Use the original; it is kept as it came.",
            code="REMUX_DIFFERS",
        )
    with target.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Remuxed(digest, target.stat().st_size, len(original))
