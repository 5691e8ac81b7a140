"""Windows of time, and the request to cut the film that shows one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from rtv_core.model.clock import NOT_MEASURED, ClockState

CutMode = Literal["snap", "exact", "presentation", "original"]


class Window(BaseModel):
    """A stretch of true time, from its start up to its end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start_at: AwareDatetime
    end_at: AwareDatetime

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end_at <= self.start_at:
            raise ValueError("a window ends after it starts")
        return self

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end_at - self.start_at).total_seconds()

    def widened(self, seconds: float) -> Window:
        """With a margin on both sides."""
        margin = timedelta(seconds=seconds)
        return Window(start_at=self.start_at - margin, end_at=self.end_at + margin)

    def shifted(self, seconds: float) -> Window:
        """As a clock shows it that is ahead by so many seconds."""
        by = timedelta(seconds=seconds)
        return Window(start_at=self.start_at + by, end_at=self.end_at + by)


class ClipRequest(BaseModel):
    """One clip to be cut: what it is to show, of which camera or capture, in true time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant_code: str
    cut_mode: CutMode = "snap"
    window_start_at: AwareDatetime
    window_end_at: AwareDatetime
    camera_code: str | None = None
    clock_offset_seconds: float = 0.0
    clock_uncertainty_seconds: float | None = None
    clock_source: str = NOT_MEASURED
    margin_seconds: float = 0.0
    capture_id: str | None = None
    capture_sha256: str | None = None
    capture_object_key: str | None = None
    discrepancy_key: str | None = None
    platform_code: str | None = None
    rtv_no: str | None = None
    transporter_code: str | None = None
    awb_no: str | None = None
    finding: str | None = None

    @property
    def window(self) -> Window:
        """What is asked of the film, margin included."""
        return Window(start_at=self.window_start_at, end_at=self.window_end_at)

    @property
    def key(self) -> tuple[str, str | None, str, str | None, datetime, datetime]:
        """What makes two requests the same."""
        return (
            self.tenant_code,
            self.discrepancy_key,
            self.cut_mode,
            self.camera_code,
            self.window_start_at,
            self.window_end_at,
        )

    def by_clock(self, clock: ClockState) -> ClipRequest:
        """The same request for a camera whose clock is so far ahead."""
        return self.model_copy(
            update={
                "clock_offset_seconds": clock.offset_seconds,
                "clock_uncertainty_seconds": clock.uncertainty_seconds,
                "clock_source": clock.source,
            }
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ClipRequest:
        """From what `as_dict` gave."""
        return cls.model_validate(values)
