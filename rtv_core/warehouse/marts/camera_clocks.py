"""Reads of the camera clocks on the Data health page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rtv_core.model.clock import ClockState, jumps
from rtv_core.warehouse import clock_store, footage_store
from rtv_core.warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class CameraClock:
    """One camera's clock: what holds now, how often it was measured, and what is wrong with it."""

    camera_code: str
    state: ClockState
    measurements: int
    measured_at: datetime | None
    faults: tuple[str, ...]


def camera_clocks(connection: Connection, tenant_code: str, at: datetime) -> list[CameraClock]:
    """Every camera of a tenant, those whose clock jumped first."""
    twice = clock_store.times_twice(connection, tenant_code)
    found = []
    for camera in footage_store.cameras(connection, tenant_code).values():
        faults = [
            f"The clock jumped by {other.offset_seconds - one.offset_seconds:+.1f} s "
            f"between {one.measured_at:%d %b %Y %H:%M} and {other.measured_at:%d %b %Y %H:%M} UTC"
            for one, other in jumps(camera.readings)
        ]
        faults += [
            f"Films of {one.at:%d %b %Y} overlap by up to {one.seconds:.0f} s: "
            "the clock was set back, or a film is listed with a wrong time"
            for one in twice
            if one.camera_code == camera.camera_code
        ]
        last = camera.readings[-1].measured_at if camera.readings else None
        found.append(
            CameraClock(camera.camera_code, camera.clock_at(at), len(camera.readings), last, tuple(faults))
        )
    return sorted(found, key=lambda clock: (not clock.faults, clock.camera_code))
