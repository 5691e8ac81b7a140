"""Measures how far a camera's clock is ahead, from the time beacon in one of its films."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.evidence.barcodes import scan_codes
from rtv_core.evidence.beacon import offset_from
from rtv_core.evidence.notes import VerifierKey
from rtv_core.evidence.seal import ensure_seal_key
from rtv_core.identity import Actor, Role
from rtv_core.model.clock import ClockReading, clock_at, jumps
from rtv_core.settings import Settings
from rtv_core.warehouse import clock_store, footage_store
from rtv_core.warehouse.connection import connect

BY_HAND = "by hand"
_SAMPLES_PER_SECOND = 10.0


@dataclass(frozen=True, slots=True)
class MeasuredClock:
    """One measurement, and whether it shows that the clock jumped since the one before."""

    camera_code: str
    measured_at: datetime
    offset_seconds: float
    uncertainty_seconds: float
    method: str
    is_new: bool
    has_jumped: bool

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {**asdict(self), "measured_at": self.measured_at.isoformat()}


def measure_clock(dsn: str, film: Path, *, settings: Settings, actor: Actor, now: datetime) -> MeasuredClock:
    """Read the beacon in an indexed film and keep the offset; `NotFound` when film or beacon is not there."""
    actor.require(Role.OPS, Role.BAY_LEAD, Role.MACHINE)
    key = ensure_seal_key(settings.seal_key_file, settings.seal.origin)
    with connect(dsn, application_name="rtv-clock") as connection:
        indexed = clock_store.film_at(connection, actor.tenant_code, film.resolve().as_uri())
    if indexed is None:
        raise NotFound(
            f"{film.name} is not in the footage index",
            remedy="Index it first: `rtv evidence index FOLDER`.",
            code="FOOTAGE_NOT_INDEXED",
        )
    codes = scan_codes(film, samples_per_second=_SAMPLES_PER_SECOND)
    reading = offset_from(codes, VerifierKey(key.name, key.public_bytes), indexed.started_at)
    return _keep(dsn, indexed.camera_code, reading, indexed.sha256, actor=actor, now=now)


def state_clock(
    dsn: str,
    camera_code: str,
    *,
    measured_at: datetime,
    offset_seconds: float,
    uncertainty_seconds: float,
    actor: Actor,
    now: datetime,
) -> MeasuredClock:
    """Keep an offset that a person measured: a clock of known time held before the camera."""
    actor.require(Role.OPS, Role.BAY_LEAD)
    if uncertainty_seconds <= 0 or measured_at > now:
        raise InvalidInput(
            "A measurement has an uncertainty above 0 and is not from later than now",
            remedy="Say how far off it may be, in seconds, and when it was taken.",
            code="CLOCK_READING_INVALID",
        )
    reading = ClockReading(measured_at, offset_seconds, uncertainty_seconds, BY_HAND)
    return _keep(dsn, camera_code, reading, None, actor=actor, now=now)


def clock_series(dsn: str, tenant_code: str, camera_code: str, at: datetime) -> dict[str, Any]:
    """All measurements of a camera, what follows for `at`, and where its clock jumped."""
    with connect(dsn, application_name="rtv-clock") as connection:
        readings = clock_store.readings(connection, tenant_code).get(camera_code, ())
        camera = footage_store.cameras(connection, tenant_code).get(camera_code)
        twice = clock_store.times_twice(connection, tenant_code)
    return {
        "camera_code": camera_code,
        "now": asdict(clock_at(readings, camera.clock_offset_seconds if camera else None, at)),
        "readings": [{**asdict(one), "measured_at": one.measured_at.isoformat()} for one in readings],
        "jumps": [
            {"between": one.measured_at.isoformat(), "and": other.measured_at.isoformat(),
             "seconds": round(other.offset_seconds - one.offset_seconds, 3)}
            for one, other in jumps(readings)
        ],
        "times_twice": [
            {"at": one.at.isoformat(), "seconds": one.seconds, "films": one.films}
            for one in twice if one.camera_code == camera_code
        ],
    }  # fmt: skip


def _keep(
    dsn: str, camera_code: str, reading: ClockReading, source: str | None, *, actor: Actor, now: datetime
) -> MeasuredClock:
    with connect(dsn, application_name="rtv-clock") as connection:
        is_new = clock_store.add_reading(
            connection, camera_code, reading, source_sha256=source, actor=actor, now=now
        )
        series = clock_store.readings(connection, actor.tenant_code)[camera_code]
    has_jumped = any(reading.measured_at == other.measured_at for _, other in jumps(series))
    return MeasuredClock(
        camera_code, reading.measured_at, reading.offset_seconds, reading.uncertainty_seconds,
        reading.method, is_new, has_jumped,
    )  # fmt: skip
