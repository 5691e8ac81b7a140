"""Measurements of cameras' clocks in the warehouse."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from rtv_core.identity import Actor
from rtv_core.model.clock import ClockReading
from rtv_core.warehouse.connection import Connection

# Recorders end a film a frame or two after the next begins; a clock that was set back does more.
_OVERLAP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class IndexedFilm:
    """A film in the index, as far as a measurement needs it."""

    camera_code: str
    sha256: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class TimeTwice:
    """Time that two films of one camera claim: its clock was set back."""

    camera_code: str
    at: datetime
    seconds: float
    films: int


def readings(connection: Connection, tenant_code: str) -> dict[str, tuple[ClockReading, ...]]:
    """All measurements of a tenant's cameras, each camera's in order of time."""
    found: dict[str, list[ClockReading]] = defaultdict(list)
    for row in connection.execute(
        """
        select camera_code, measured_at, offset_seconds, uncertainty_seconds, clock_method
        from ops.camera_clocks where tenant_code = %s order by camera_code, measured_at
        """,
        (tenant_code,),
    ):
        found[row["camera_code"]].append(
            ClockReading(
                row["measured_at"], row["offset_seconds"], row["uncertainty_seconds"], row["clock_method"]
            )
        )
    return {code: tuple(listed) for code, listed in found.items()}


def add_reading(
    connection: Connection,
    camera_code: str,
    reading: ClockReading,
    *,
    source_sha256: str | None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Keep one measurement; False when there is one of that moment."""
    row = connection.execute(
        """
        insert into ops.camera_clocks (tenant_code, camera_code, measured_at, offset_seconds,
            uncertainty_seconds, clock_method, source_sha256, recorded_by, recorded_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict do nothing returning 1 as is_new
        """,
        (
            actor.tenant_code, camera_code, reading.measured_at, reading.offset_seconds,
            reading.uncertainty_seconds, reading.method, source_sha256, actor.name, now,
        ),
    ).fetchone()  # fmt: skip
    return row is not None


def film_at(connection: Connection, tenant_code: str, uri: str) -> IndexedFilm | None:
    """The film that the index has at an address."""
    row = connection.execute(
        """
        select camera_code, sha256, started_at from ops.footage_segments
        where tenant_code = %s and uri = %s and gone_at is null order by segment_id desc limit 1
        """,
        (tenant_code, uri),
    ).fetchone()
    return IndexedFilm(**row) if row else None


def times_twice(connection: Connection, tenant_code: str) -> list[TimeTwice]:
    """Where two films of one camera claim the same time, newest first."""
    rows = connection.execute(
        """
        with followed as (
            select camera_code, started_at,
                max(ended_at) over (
                    partition by camera_code order by started_at, segment_id
                    rows between unbounded preceding and 1 preceding
                ) as shown_until
            from ops.footage_segments where tenant_code = %s and gone_at is null
        )
        select camera_code, max(started_at) as at, count(*) as films,
            max(extract(epoch from shown_until - started_at))::double precision as seconds
        from followed where shown_until - started_at > make_interval(secs => %s)
        group by camera_code, date_trunc('day', started_at) order by at desc, camera_code limit 50
        """,
        (tenant_code, _OVERLAP_SECONDS),
    )
    return [TimeTwice(**row) for row in rows]
