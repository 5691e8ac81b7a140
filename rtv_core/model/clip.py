"""Films as indexed, and clips as cut."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from rtv_core.model.clock import NOT_MEASURED


@dataclass(frozen=True, slots=True)
class Segment:
    """One film in the index; times are by the camera's own clock, in UTC."""

    segment_id: int
    tenant_code: str
    camera_code: str
    uri: str
    object_key: str | None
    sha256: str
    samples_root: str
    sample_count: int
    started_at: datetime
    ended_at: datetime
    is_truncated: bool = False

    @property
    def name(self) -> str:
        """The film's file name: what leaves the hub does not tell where films are kept."""
        return self.uri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ClipPart:
    """The samples of one film within a clip: `first_sample` up to `end_sample`, in decoding order."""

    source_sha256: str
    source_name: str
    source_samples_root: str
    source_sample_count: int
    first_sample: int
    end_sample: int
    left_out_samples: tuple[int, ...]
    frames: int
    pre_roll_frames: int
    pre_roll_seconds: float
    post_roll_frames: int
    post_roll_seconds: float
    first_frame_at: str
    end_at: str
    clip_start_seconds: float
    samples_root: str


@dataclass(frozen=True, slots=True)
class ClipGap:
    """Time of the window that no film shows."""

    start_at: str
    end_at: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ClipFile:
    """One file of a clip."""

    name: str
    sha256: str
    size_bytes: int
    container: str
    codec: str
    width: int
    height: int
    seconds: float
    parts: tuple[ClipPart, ...]
    object_key: str | None = None


@dataclass(frozen=True, slots=True)
class ClipManifest:
    """What a clip is made of, in true time: sources, samples, pre-roll, gaps and the clock it was cut by."""

    tenant_code: str
    camera_code: str
    cut_mode: str
    window_start_at: str
    window_end_at: str
    margin_seconds: float
    clock_offset_seconds: float
    clock_rule: str
    files: tuple[ClipFile, ...]
    gaps: tuple[ClipGap, ...]
    clock_uncertainty_seconds: float | None = None
    clock_source: str = NOT_MEASURED
    has_audio: bool = False
    findings: tuple[str, ...] = ()
    format: str = field(default="rtv-clip/1")

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ClipManifest:
        """From what `as_dict` gave; names that a store added are left out."""
        known = {one.name: values[one.name] for one in fields(cls) if one.name in values}
        files = tuple(ClipFile(**file | {"parts": _parts(file["parts"])}) for file in values["files"])
        gaps = tuple(ClipGap(**gap) for gap in values["gaps"])
        return cls(**known | {"files": files, "gaps": gaps, "findings": tuple(values["findings"])})


def _parts(values: list[dict[str, Any]]) -> tuple[ClipPart, ...]:
    return tuple(ClipPart(**part | {"left_out_samples": tuple(part["left_out_samples"])}) for part in values)


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code read in a film or picture, from when to when, on how many of the frames looked at."""

    text: str
    format: str
    first_seconds: float
    last_seconds: float
    frames: int
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class LockCheck:
    """Whether the store keeps what is retained, and what it answered."""

    address: str
    is_locked: bool
    detail: str
