"""The film player: frame step, speed, markers, keyboard, and the camera's corrected clock in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from rtv_core.warehouse.marts.evidence import Clip
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import badge
from streamlit_app.session import PageContext
from streamlit_app.tokens import seal_link
from streamlit_app.words import at, size

_FOLDER = Path(__file__).parent
USUAL_RATE = 25.0
STATUS_WORDS = {
    "no_footage": "No footage covers this window",
    "failed": "The clip could not be cut",
}


@lru_cache(maxsize=1)
def _parts() -> dict[str, str]:
    return {kind: (_FOLDER / f"player.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")}


def film_address(context: PageContext, clip_id: int, *, playable: bool = False) -> str:
    """A link to a film, or to its copy for browsers, that runs out after an hour."""
    token = seal_link(context.settings, "film", str(clip_id), context.tenant_code)
    return f"/evidence-film/{clip_id}?{'playable&' if playable else ''}token={token}"


@dataclass(frozen=True, slots=True)
class FilmTimes:
    """When a clip's first film begins by the corrected clock, and how many frames a second it has."""

    starts_at: datetime | None
    frames_per_second: float


def film_times(clip: Clip) -> FilmTimes:
    """What the clip's manifest says; an uncut original names no clock."""
    files = (clip.film_manifest or {}).get("files") or [{}]
    parts = files[0].get("parts") or []
    frames = sum(int(part["frames"]) for part in parts)
    seconds = float(files[0].get("seconds") or 0)
    rate = frames / seconds if frames and seconds else USUAL_RATE
    return FilmTimes(datetime.fromisoformat(parts[0]["first_frame_at"]) if parts else None, round(rate, 3))


def player_data(clip: Clip, context: PageContext) -> dict[str, Any]:
    """What the player needs to know of a clip."""
    times = film_times(clip)
    markers = []
    begin = 0.0
    if times.starts_at is not None:
        begin = max((clip.window_start_at - times.starts_at).total_seconds(), 0.0)
        end = (clip.window_end_at - times.starts_at).total_seconds()
        markers = [{"seconds": begin, "label": "start of the window"}]
        markers += [{"seconds": end, "label": "end of the window"}] if end - begin > 1 else []
    return {
        "clip_id": clip.clip_id,
        "address": film_address(context, clip.clip_id, playable=True),
        "markers": markers,
        "begin_seconds": begin,
        "starts_at": times.starts_at.isoformat() if times.starts_at else None,
        "timezone": context.zone.key,
        "frames_per_second": times.frames_per_second,
    }


def seal_verdict(clip: Clip, context: PageContext) -> tuple[str, str]:
    """Tone and one line: is the clip's hash in the log, and under which checkpoint."""
    if clip.leaf_index is None:
        return "warn", "Not sealed yet: the next run of cut_evidence_clips writes it into the log."
    if clip.tree_size is None:
        return "warn", f"In the seal log as leaf {clip.leaf_index}; its checkpoint is not signed yet."
    stamped = f", timestamped by {clip.timestamp_authority}" if clip.has_timestamp else ""
    signed = f"signed {at(clip.checkpoint_at, context.zone)}{stamped}"
    return (
        "good",
        f"Sealed: leaf {clip.leaf_index} of the log, checkpoint over {clip.tree_size} leaves {signed}.",
    )


def show_player(clip: Clip, context: PageContext, *, key: str) -> None:
    """The film with its verdict; or why there is none."""
    if clip.clip_status != "cut":
        show_empty(
            STATUS_WORDS[clip.clip_status],
            clip.finding or "Index the footage of this camera and time, then cut again.",
        )
        return
    if clip.film_manifest is None:
        show_empty(
            "This film cannot be shown yet",
            "Its camera has masks and its presentation is not made: `rtv evidence present`, or the DAG.",
        )
        return
    parts = _parts()
    film = st.components.v2.component("rtv_film_player", html=parts["html"], css=parts["css"], js=parts["js"])
    film(data=player_data(clip, context), key=key)
    tone, verdict = seal_verdict(clip, context)
    offset = (
        f" Camera clock corrected by {clip.clock_offset_seconds:+.1f} s." if clip.clock_offset_seconds else ""
    )
    copied = ""
    if clip.is_masked:
        copied = " Its camera has masks: this is its presentation; the sealed film leaves only by a release."
    elif clip.manifest.get("playable"):
        copied = " The player shows a copy for browsers; the sealed film is the download."
    st.html(
        f'<div class="rtv-soft">{badge("sealed" if tone == "good" else "not sealed", tone)} '
        f"{escape(verdict)}{offset} "
        f"SHA-256 <code>{escape((clip.sha256 or '')[:16])}…</code>, {size(clip.size_bytes)}, "
        f'<a href="{film_address(context, clip.clip_id)}" target="_self" download>download</a>.'
        f"{copied}</div>"
    )
