"""Reads of the Evidence page: clips, where their bytes are and how they are sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from rtv_core.errors import NotFound
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import row_of, rows_of

# Whether a clip's camera has masks now, and its presentation under them.
SHOWN = """
    select mask.masks <> '[]' as is_masked, made.manifest, made.files
    from (
        select coalesce((
            select m.masks from ops.camera_masks as m
            where m.tenant_code = k.tenant_code and m.camera_code = k.camera_code
            order by m.set_at desc limit 1
        ), '[]') as masks
    ) as mask
    left join ops.presentations as made
        on made.clip_id = k.clip_id and made.masks = mask.masks and made.removed_at is null
"""
CLIP = f"""
    select k.clip_id, k.discrepancy_key, k.platform_code, k.rtv_no, k.transporter_code, k.awb_no,
        k.camera_code,
        k.capture_id, k.cut_mode, k.window_start_at, k.window_end_at, k.clock_offset_seconds, k.clip_status,
        k.object_key, k.sha256, k.size_bytes, k.manifest, k.finding, k.leaf_index, k.cut_at,
        d.rule_code, d.liability_reason, d.value_minor, d.sku_code,
        leaf.sealed_at, sealed.tree_size, sealed.made_at as checkpoint_at,
        sealed.timestamp_authority, sealed.has_timestamp, shown.is_masked, shown.manifest as shown_manifest
    from ops.clips as k
    left join marts.fct_discrepancies as d
        on d.tenant_code = k.tenant_code and d.discrepancy_key = k.discrepancy_key
    left join ops.seal_leaves as leaf on leaf.leaf_index = k.leaf_index
    left join lateral (
        select c.tree_size, c.made_at, c.timestamp_authority, c.timestamp_token is not null as has_timestamp
        from ops.seal_checkpoints as c where c.tree_size > k.leaf_index order by c.tree_size limit 1
    ) as sealed on true
    cross join lateral ({SHOWN}) as shown
    where k.tenant_code = %(tenant_code)s
"""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip, the discrepancy it shows and the checkpoint that seals it."""

    clip_id: int
    discrepancy_key: str | None
    platform_code: str | None
    rtv_no: str | None
    transporter_code: str | None
    awb_no: str | None
    camera_code: str | None
    capture_id: str | None
    cut_mode: str
    window_start_at: datetime
    window_end_at: datetime
    clock_offset_seconds: float
    clip_status: str
    object_key: str | None
    sha256: str | None
    size_bytes: int | None
    manifest: dict[str, Any]
    finding: str | None
    leaf_index: int | None
    cut_at: datetime
    rule_code: str | None
    liability_reason: str | None
    value_minor: int | None
    sku_code: str | None
    sealed_at: datetime | None
    tree_size: int | None
    checkpoint_at: datetime | None
    timestamp_authority: str | None
    has_timestamp: bool | None
    is_masked: bool = False
    shown_manifest: dict[str, Any] | None = None

    @property
    def film_manifest(self) -> dict[str, Any] | None:
        """The manifest of the film that people see: the presentation's where the camera has masks."""
        return self.shown_manifest if self.is_masked else self.manifest


@dataclass(frozen=True, slots=True)
class ClipObject:
    """Where a clip's bytes are."""

    object_key: str
    file_name: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ClipCounts:
    """How many clips are cut, and why the others are not."""

    cut: int
    no_footage: int
    failed: int
    sealed: int
    windows_waiting: int


def clip_counts(connection: Connection, tenant_code: str) -> ClipCounts:
    """Clips by state, and the windows that nobody has cut yet."""
    query = """
        select count(*) filter (where clip_status = 'cut') as cut,
            count(*) filter (where clip_status = 'no_footage') as no_footage,
            count(*) filter (where clip_status = 'failed') as failed,
            count(*) filter (where leaf_index is not null) as sealed,
            (select count(*) from marts.fct_discrepancies as d
                where d.tenant_code = %(tenant_code)s and d.window_start_at is not null and not exists (
                    select 1 from ops.clips as k
                    where k.tenant_code = d.tenant_code and k.discrepancy_key = d.discrepancy_key
                )) as windows_waiting
        from ops.clips where tenant_code = %(tenant_code)s"""
    return row_of(connection, ClipCounts, query, {"tenant_code": tenant_code}) or ClipCounts(0, 0, 0, 0, 0)


def find_clips(
    connection: Connection, tenant_code: str, *, status: str | None, text: str | None, limit: int, offset: int
) -> list[Clip]:
    """Clips, dearest discrepancy first."""
    query = f"""{CLIP}
        and (%(status)s::text is null or k.clip_status = %(status)s)
        and (%(text)s::text is null or concat_ws(' ', k.rtv_no, k.awb_no, k.camera_code, d.rule_code,
            d.sku_code)
            ilike '%%' || %(text)s || '%%')
        order by (k.clip_status = 'cut') desc, d.value_minor desc nulls last, k.clip_id
        limit %(limit)s offset %(offset)s"""
    values = {
        "tenant_code": tenant_code,
        "status": status,
        "text": text or None,
        "limit": limit,
        "offset": offset,
    }
    return rows_of(connection, Clip, query, values)


def clips_of_rtv(connection: Connection, tenant_code: str, platform_code: str, rtv_no: str) -> list[Clip]:
    """The clips of one return and of its consignments."""
    query = f"""{CLIP}
        and ((k.platform_code = %(platform_code)s and k.rtv_no = %(rtv_no)s) or k.awb_no in (
            select awb_no from staging.stg_rtv__rtv_manifests
            where tenant_code = %(tenant_code)s and platform_code = %(platform_code)s and rtv_no = %(rtv_no)s
        ))
        order by k.window_start_at, k.clip_id limit 200"""
    values = {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
    return rows_of(connection, Clip, query, values)


def clip_of(connection: Connection, tenant_code: str, clip_id: int) -> Clip | None:
    """One clip; None when this brand has none of that number."""
    values = {"tenant_code": tenant_code, "clip_id": clip_id}
    return row_of(connection, Clip, f"{CLIP} and k.clip_id = %(clip_id)s", values)


def clip_object(
    connection: Connection, tenant_code: str, clip_id: int, *, playable: bool = False
) -> ClipObject:
    """Where the film of a clip is that people may see: itself, or its copy for browsers where it has one.

    Of a camera with masks that is its presentation, whatever is asked for. Raises `NotFound` without one.
    """
    query = f"""
        select k.object_key, k.sha256, k.manifest -> 'playable' as playable, shown.is_masked,
            shown.files -> (shown.manifest -> 'files' -> 0 ->> 'name') as shown
        from ops.clips as k cross join lateral ({SHOWN}) as shown
        where k.tenant_code = %s and k.clip_id = %s and k.object_key is not null"""
    found = connection.execute(query.encode(), (tenant_code, clip_id)).fetchone()
    if found is None:
        raise NotFound(
            f"There is no film for clip {clip_id}",
            remedy="See its finding on the Evidence page; `rtv evidence plan` shows what can be cut.",
            code="CLIP_NOT_FOUND",
        )
    if found["is_masked"]:
        if not found["shown"]:
            raise NotFound(
                f"Clip {clip_id} is of a camera with masks and has no presentation yet",
                remedy="Make it: `rtv evidence present`, or let the DAG run.",
                code="PRESENTATION_MISSING",
            )
        found = found["shown"]
    elif playable and found["playable"]:
        found = found["playable"]
    suffix = PurePosixPath(found["object_key"]).suffix
    return ClipObject(found["object_key"], f"clip-{clip_id}{suffix}", found["sha256"])
