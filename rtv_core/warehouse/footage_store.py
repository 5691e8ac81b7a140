"""Footage and clips in the warehouse: what was indexed, what is to be cut, what was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.errors import RtvError
from rtv_core.model.clip import LockCheck, Segment
from rtv_core.model.clock import ClockReading, ClockState, clock_at
from rtv_core.model.window import ClipRequest
from rtv_core.warehouse import clock_store
from rtv_core.warehouse.connection import Connection

_SEGMENT = """
    segment_id, tenant_code, camera_code, uri, object_key, sha256, samples_root, sample_count, started_at,
    ended_at,
    is_truncated
"""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as it is known: where it hangs, in which zone, how far its clock is ahead."""

    camera_code: str
    node_code: str
    bay_code: str | None
    timezone: str
    clock_offset_seconds: float | None
    readings: tuple[ClockReading, ...] = ()

    def clock_at(self, at: datetime) -> ClockState:
        """How far its clock is ahead at a true time."""
        return clock_at(self.readings, self.clock_offset_seconds, at)


@dataclass(frozen=True, slots=True)
class ListedFilm:
    """A row of the contract `footage`."""

    camera_code: str
    started_at: str
    ended_at: str | None
    uri: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A film that was indexed before, as its file was then."""

    segment_id: int
    size_bytes: int
    modified_ns: int
    is_gone: bool


def cameras(connection: Connection, tenant_code: str) -> dict[str, Camera]:
    """The cameras of a tenant, by code."""
    rows = connection.execute(
        """
        select c.camera_code, c.node_code, c.bay_code, coalesce(n.timezone, 'UTC') as timezone,
            c.clock_offset_seconds::double precision as clock_offset_seconds
        from raw.cameras as c
        left join raw.nodes as n
            on n.tenant_code = c.tenant_code and n.node_code = c.node_code and n._superseded_at is null
        where c.tenant_code = %s and c._superseded_at is null
        order by c.camera_code
        """,
        (tenant_code,),
    )
    measured = clock_store.readings(connection, tenant_code)
    return {row["camera_code"]: Camera(**row, readings=measured.get(row["camera_code"], ())) for row in rows}


def listed_films(connection: Connection, tenant_code: str) -> list[ListedFilm]:
    """The films that a list names, whether they are there or not."""
    rows = connection.execute(
        """
        select camera_code, started_at, ended_at, uri, sha256 from raw.footage
        where tenant_code = %s and _superseded_at is null order by camera_code, started_at
        """,
        (tenant_code,),
    )
    return [ListedFilm(**row) for row in rows]


def known_files(connection: Connection, tenant_code: str) -> dict[str, KnownFile]:
    """The films indexed so far, by address; of several under one address the last."""
    rows = connection.execute(
        """
        select uri, segment_id, size_bytes, modified_ns, gone_at is not null as is_gone
        from ops.footage_segments where tenant_code = %s order by gone_at desc nulls last, segment_id
        """,
        (tenant_code,),
    )
    return {row.pop("uri"): KnownFile(**row) for row in rows}


def add_segment(connection: Connection, values: dict[str, Any], samples: bytes) -> bool:
    """Write a film into the index; False when its bytes were there and only its address is noted."""
    row = connection.execute(
        """
        insert into ops.footage_segments (
            tenant_code, camera_code, uri, object_key, sha256, size_bytes, container, codec, started_at,
            ended_at,
            sample_count, keyframe_count, samples_root, is_truncated, finding, time_source, modified_ns,
            indexed_at
        ) values (
            %(tenant_code)s, %(camera_code)s, %(uri)s, %(object_key)s, %(sha256)s, %(size_bytes)s,
            %(container)s,
            %(codec)s, %(started_at)s, %(ended_at)s, %(sample_count)s, %(keyframe_count)s, %(samples_root)s,
            %(is_truncated)s,
            %(finding)s, %(time_source)s, %(modified_ns)s, %(indexed_at)s
        )
        on conflict (tenant_code, camera_code, sha256) do update
            set uri = excluded.uri, object_key = excluded.object_key, modified_ns = excluded.modified_ns,
            gone_at = null
        returning segment_id, xmax = 0 as is_new
        """,
        values,
    ).fetchone()
    assert row is not None, "an insert that returns gives a row"
    if row["is_new"]:
        connection.execute(
            "insert into ops.footage_samples (segment_id, samples) values (%s, %s)",
            (row["segment_id"], samples),
        )
    # Other bytes once stood under this address: that film is gone from there.
    connection.execute(
        """
        update ops.footage_segments set gone_at = %(indexed_at)s
        where tenant_code = %(tenant_code)s and uri = %(uri)s and sha256 <> %(sha256)s and gone_at is null
        """,
        values,
    )
    connection.execute(
        "delete from ops.footage_faults where tenant_code = %(tenant_code)s and uri = %(uri)s", values
    )
    return bool(row["is_new"])


def address_of(connection: Connection, tenant_code: str, camera_code: str, sha256: str) -> str | None:
    """Where the film of these bytes was last seen."""
    row = connection.execute(
        "select uri from ops.footage_segments where tenant_code = %s and camera_code = %s and sha256 = %s",
        (tenant_code, camera_code, sha256),
    ).fetchone()
    return str(row["uri"]) if row else None


def mark_gone(connection: Connection, segment_ids: Sequence[int], now: datetime) -> None:
    """Note that films are no longer where they were."""
    connection.execute(
        "update ops.footage_segments set gone_at = %s where segment_id = any(%s) and gone_at is null",
        (now, list(segment_ids)),
    )


def mark_back(connection: Connection, segment_ids: Sequence[int]) -> None:
    """Note that films are where they were."""
    connection.execute(
        "update ops.footage_segments set gone_at = null where segment_id = any(%s)", (list(segment_ids),)
    )


def add_fault(connection: Connection, *, tenant_code: str, uri: str, error: RtvError, now: datetime) -> None:
    """Note why a film is not in the index."""
    connection.execute(
        """
        insert into ops.footage_faults (tenant_code, uri, error_code, error_fact, error_remedy, seen_at)
        values (%s, %s, %s, %s, %s, %s)
        on conflict (tenant_code, uri, error_code) do update
            set error_fact = excluded.error_fact, error_remedy = excluded.error_remedy
        """,
        (tenant_code, uri, error.code, error.fact, error.remedy, now),
    )


def segments_between(
    connection: Connection, tenant_code: str, camera_code: str, start_at: datetime, end_at: datetime
) -> list[Segment]:
    """A camera's films that may show a time by its own clock, with the one that follows."""
    rows = connection.execute(
        f"""
        select {_SEGMENT} from ops.footage_segments
        where tenant_code = %s and camera_code = %s and gone_at is null and started_at < %s and ended_at > %s
        order by started_at, segment_id
        """.encode(),
        (tenant_code, camera_code, end_at, start_at),
    ).fetchall()
    return [Segment(**row) for row in rows]


def packed_samples(connection: Connection, segment_id: int) -> bytes:
    """The sample table of a film."""
    row = connection.execute(
        "select samples from ops.footage_samples where segment_id = %s", (segment_id,)
    ).fetchone()
    return bytes(row["samples"]) if row else b""


def unsealed_segments(connection: Connection) -> list[dict[str, Any]]:
    """Films that the seal log does not hold yet, oldest first; locked until the transaction ends."""
    return connection.execute(
        """
        select segment_id, tenant_code, camera_code, sha256, size_bytes, samples_root, sample_count,
        started_at,
            ended_at, indexed_at
        from ops.footage_segments where leaf_index is null order by segment_id for update
        """
    ).fetchall()


def mark_sealed(connection: Connection, segment_id: int, leaf_index: int) -> None:
    """Note a film's place in the seal log."""
    connection.execute(
        "update ops.footage_segments set leaf_index = %s where segment_id = %s", (leaf_index, segment_id)
    )


def has_discrepancies_mart(connection: Connection) -> bool:
    """Whether the marts were built."""
    row = connection.execute(
        "select to_regclass('marts.fct_discrepancies') is not null as is_there"
    ).fetchone()
    return bool(row and row["is_there"])


def discrepancies_to_show(connection: Connection, tenant_code: str | None) -> list[dict[str, Any]]:
    """Discrepancies that say when to look, with the film of their capture; dearest first."""
    return connection.execute(
        """
        select d.tenant_code, d.discrepancy_key::text as discrepancy_key, d.window_start_at, d.window_end_at,
            d.camera_code, d.node_code, d.bay_code, d.capture_id, d.platform_code, d.rtv_no,
            d.transporter_code,
            d.awb_no, q.video_sha256 as capture_sha256, q.started_at as capture_started_at,
            q.ended_at as capture_ended_at, u.object_key as capture_object_key
        from marts.fct_discrepancies as d
        left join raw.qc_captures as q
            on q.tenant_code = d.tenant_code and q.capture_id = d.capture_id and q._superseded_at is null
        left join lateral (
            select object_key from ops.uploads as up
            where up.tenant_code = d.tenant_code and up.sha256 = q.video_sha256
            and up.object_key is not null limit 1
        ) as u on true
        where (%(tenant_code)s::text is null or d.tenant_code = %(tenant_code)s)
            and d.window_start_at is not null and d.window_end_at is not null
        order by d.value_minor desc nulls last, d.tenant_code, d.discrepancy_key
        """,
        {"tenant_code": tenant_code},
    ).fetchall()


def clip_states(connection: Connection, tenant_code: str | None) -> list[dict[str, Any]]:
    """The requests that were answered, and whether film has come for those without."""
    return connection.execute(
        """
        select k.tenant_code, k.discrepancy_key, k.cut_mode, k.camera_code, k.window_start_at,
        k.window_end_at,
            k.clip_status, exists (
                select 1 from ops.footage_segments as s
                where s.tenant_code = k.tenant_code and s.camera_code = k.camera_code and s.gone_at is null
                    and s.started_at < k.window_end_at + make_interval(secs => k.clock_offset_seconds)
                    and s.ended_at > k.window_start_at + make_interval(secs => k.clock_offset_seconds)
            ) as has_film
        from ops.clips as k where %(tenant_code)s::text is null or k.tenant_code = %(tenant_code)s
        """,
        {"tenant_code": tenant_code},
    ).fetchall()


def record_clip(
    connection: Connection,
    request: ClipRequest,
    *,
    status: str,
    now: datetime,
    manifest: dict[str, Any] | None = None,
    finding: str | None = None,
    object_key: str | None = None,
    sha256: str | None = None,
    size_bytes: int | None = None,
) -> int | None:
    """Write the answer to a request; None when it was cut before, by this or another worker."""
    row = connection.execute(
        """
        insert into ops.clips (
            tenant_code, discrepancy_key, platform_code, rtv_no, transporter_code, awb_no, camera_code,
            capture_id,
            cut_mode, window_start_at, window_end_at, clock_offset_seconds, clip_status, object_key, sha256,
            size_bytes, manifest, finding, cut_at
        ) values (
            %(tenant_code)s, %(discrepancy_key)s, %(platform_code)s, %(rtv_no)s, %(transporter_code)s,
            %(awb_no)s,
            %(camera_code)s, %(capture_id)s, %(cut_mode)s, %(window_start_at)s, %(window_end_at)s,
            %(clock_offset_seconds)s, %(status)s, %(object_key)s, %(sha256)s, %(size_bytes)s, %(manifest)s,
            %(finding)s, %(now)s
        )
        on conflict (tenant_code, discrepancy_key, cut_mode, camera_code, window_start_at,
        window_end_at) do update
            set clip_status = excluded.clip_status, object_key = excluded.object_key,
            sha256 = excluded.sha256,
                size_bytes = excluded.size_bytes, manifest = excluded.manifest, finding = excluded.finding,
                clock_offset_seconds = excluded.clock_offset_seconds, cut_at = excluded.cut_at
            where ops.clips.clip_status <> 'cut'
        returning clip_id
        """,
        {
            **request.model_dump(),
            "status": status,
            "manifest": Jsonb(manifest or {}),
            "finding": finding,
            "object_key": object_key,
            "sha256": sha256,
            "size_bytes": size_bytes,
            "now": now,
        },
    ).fetchone()
    return int(row["clip_id"]) if row else None


def mark_clip_sealed(connection: Connection, clip_id: int, leaf_index: int) -> None:
    """Note a clip's place in the seal log."""
    connection.execute("update ops.clips set leaf_index = %s where clip_id = %s", (leaf_index, clip_id))


def films_of_clip(connection: Connection, tenant_code: str, clip_id: int) -> list[dict[str, str]]:
    """Address and hash of a clip's films, the one that the seal names first; none when it is not at hand."""
    row = connection.execute(
        "select object_key, sha256, manifest -> 'files' as files from ops.clips "
        "where tenant_code = %s and clip_id = %s and clip_status = 'cut' and object_key is not null",
        (tenant_code, clip_id),
    ).fetchone()
    if row is None:
        return []
    own = {"object_key": row["object_key"], "sha256": row["sha256"]}
    others = [file for file in row["files"] or [] if file["sha256"] != row["sha256"]]
    return [own, *({name: file[name] for name in own} for file in others if file.get("object_key"))]


def is_cut(connection: Connection, request: ClipRequest) -> bool:
    """Whether a request was answered with a clip."""
    row = connection.execute(
        """
        select 1 from ops.clips
        where tenant_code = %(tenant_code)s and discrepancy_key is not distinct from %(discrepancy_key)s
            and cut_mode = %(cut_mode)s and camera_code is not distinct from %(camera_code)s
            and window_start_at = %(window_start_at)s and window_end_at = %(window_end_at)s
            and clip_status = 'cut'
        """,
        request.model_dump(),
    ).fetchone()
    return row is not None


def lock_check_on(connection: Connection, day: date) -> dict[str, Any] | None:
    """The last answer of the store's self-test up to a day; of two answers of one day the worse."""
    row = connection.execute(
        """
        select checked_on::text, is_locked, detail from ops.store_checks
        where checked_on <= %s order by checked_on desc, is_locked, store_address limit 1
        """,
        (day,),
    ).fetchone()
    return dict(row) if row else None


def record_lock_check(connection: Connection, check: LockCheck, now: datetime) -> None:
    """Keep the answer of the store's self-test, one a day and store unless it changes."""
    connection.execute(
        """
        insert into ops.store_checks (checked_on, store_address, is_locked, detail, checked_at)
        values (%s, %s, %s, %s, %s)
        on conflict (checked_on, store_address, is_locked) do update
            set checked_at = excluded.checked_at, detail = excluded.detail
        """,
        (now.date(), check.address, check.is_locked, check.detail, now),
    )
