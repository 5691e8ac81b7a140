"""Masks of cameras, and the presentations made of sealed clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.identity import Actor
from rtv_core.model.mask import Mask, masks_from
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, fetch_all

# The masks of each camera in force at a time.
_IN_FORCE = """
    select distinct on (tenant_code, camera_code) tenant_code, camera_code, masks
    from ops.camera_masks where set_at <= %(at)s
    order by tenant_code, camera_code, set_at desc
"""


@dataclass(frozen=True, slots=True)
class ClipToPresent:
    """A sealed snap clip that has no presentation under the masks of its camera yet."""

    clip_id: int
    tenant_code: str
    camera_code: str
    capture_id: str | None
    rtv_no: str | None
    awb_no: str | None
    sha256: str
    leaf_index: int
    window_start_at: datetime
    manifest: dict[str, Any]
    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A derived-from record as the bytes that are signed, and the note that signs them."""

    record: str
    note: str


@dataclass(frozen=True, slots=True)
class PresentationOnRecord:
    """A presentation that was made, and where it stands in the seal log; `files` by name."""

    manifest: dict[str, Any]
    files: dict[str, dict[str, Any]]
    signed: SignedRecord
    leaf_index: int


def masks_in_force(connection: Connection, tenant_code: str, at: datetime) -> dict[str, tuple[Mask, ...]]:
    """The masks of each camera that has any, at a time."""
    rows = fetch_all(
        connection,
        f"with in_force as ({_IN_FORCE}) select camera_code, masks from in_force "
        "where tenant_code = %(tenant)s and masks <> '[]'",
        {"at": at, "tenant": tenant_code},
    )
    return {row["camera_code"]: masks_from(row["masks"]) for row in rows}


def set_masks(
    connection: Connection,
    camera_code: str,
    masks: Sequence[Mask],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put masks in force for a camera from now on, in the audit trail too; an empty list ends them."""
    values = [mask.as_dict() for mask in masks]
    connection.execute(
        "insert into ops.camera_masks (tenant_code, camera_code, set_at, masks, reason, set_by) "
        "values (%s, %s, %s, %s, %s, %s)",
        (actor.tenant_code, camera_code, now, Jsonb(values), reason, actor.name),
    )
    write_audit(
        connection, tenant_code=actor.tenant_code, actor=actor, verb="set_masks", object_kind="camera",
        object_id=camera_code, detail={"masks": values, "reason": reason}, now=now,
    )  # fmt: skip


def clips_to_present(connection: Connection, tenant_code: str | None, now: datetime) -> list[ClipToPresent]:
    """Snap clips of cameras that have masks, and those on claims that nobody has approved yet."""
    rows = fetch_all(
        connection,
        f"""
        with in_force as ({_IN_FORCE}),

        clips as (
            select k.*, coalesce(m.masks, '[]') as masks
            from ops.clips as k
            left join in_force as m using (tenant_code, camera_code)
            where
                k.cut_mode = 'snap' and k.clip_status = 'cut' and k.camera_code is not null
                and k.object_key is not null and k.leaf_index is not null
                and (%(tenant)s::text is null or k.tenant_code = %(tenant)s)
        )

        select clip_id, tenant_code, camera_code, capture_id, rtv_no, awb_no, sha256, leaf_index,
            window_start_at, manifest, masks
        from clips
        where
            (masks <> '[]' or exists (
                select 1 from ops.claim_lines as line
                inner join ops.claims as claim using (claim_id)
                where
                    line.discrepancy_key = clips.discrepancy_key and claim.tenant_code = clips.tenant_code
                    and claim.claim_status in ('draft', 'ready')
            ))
            and not exists (
                select 1 from ops.presentations as made
                where made.clip_id = clips.clip_id and made.masks = clips.masks
            )
        order by clip_id
        """,
        {"at": now, "tenant": tenant_code},
    )
    return [ClipToPresent(**row | {"masks": masks_from(row["masks"])}) for row in rows]


def presentations_at(
    connection: Connection, clip_ids: Sequence[int], at: datetime
) -> dict[int, tuple[bool, PresentationOnRecord | None]]:
    """By clip, at a time: whether its camera had masks, and its presentation under them if it was made."""
    rows = fetch_all(
        connection,
        f"""
        with in_force as ({_IN_FORCE})

        select k.clip_id, coalesce(m.masks, '[]') <> '[]' as is_masked,
            made.manifest, made.files, made.record, made.record_note, made.leaf_index
        from ops.clips as k
        left join in_force as m using (tenant_code, camera_code)
        left join ops.presentations as made
            on made.clip_id = k.clip_id and made.masks = coalesce(m.masks, '[]')
            and made.made_at <= %(at)s and made.removed_at is null
        where k.clip_id = any(%(clips)s)
        """,
        {"at": at, "clips": list(clip_ids)},
    )
    return {row["clip_id"]: (row["is_masked"], _presentation(row)) for row in rows}


def _presentation(row: dict[str, Any]) -> PresentationOnRecord | None:
    if row["leaf_index"] is None:
        return None
    signed = SignedRecord(row["record"], row["record_note"])
    return PresentationOnRecord(row["manifest"], row["files"], signed, row["leaf_index"])


def scan_times(connection: Connection, tenant_code: str, capture_id: str) -> list[tuple[str, str]]:
    """When each item of a capture was scanned, as written, and its code."""
    rows = fetch_all(
        connection,
        """
        select i.seen_at, coalesce(i.sku_code, i.scanned_code) as label
        from raw.qc_captures as c
        inner join raw.qc_capture_items as i on i._file_id = c._file_id and i._row_no = c._row_no
        where c.tenant_code = %s and c.capture_id = %s and c._superseded_at is null and i.seen_at is not null
        order by i.item_no
        """,
        (tenant_code, capture_id),
    )
    return [(row["seen_at"], row["label"] or "") for row in rows]


def add_presentation(
    connection: Connection,
    clip: ClipToPresent,
    *,
    manifest: dict[str, Any],
    files: dict[str, dict[str, Any]],
    signed: SignedRecord,
    now: datetime,
) -> int | None:
    """Keep what was made of a clip; None when another worker has made it under the same masks."""
    row = connection.execute(
        """
        insert into ops.presentations (
            tenant_code, clip_id, masks, manifest, files, record, record_note, made_at
        ) values (%s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (clip_id, masks) do nothing
        returning presentation_id
        """,
        (
            clip.tenant_code, clip.clip_id, Jsonb([mask.as_dict() for mask in clip.masks]), Jsonb(manifest),
            Jsonb(files), signed.record, signed.note, now,
        ),
    ).fetchone()  # fmt: skip
    return int(row["presentation_id"]) if row else None


def mark_sealed(connection: Connection, presentation_id: int, leaf_index: int) -> None:
    """Note a presentation's place in the seal log."""
    connection.execute(
        "update ops.presentations set leaf_index = %s where presentation_id = %s",
        (leaf_index, presentation_id),
    )
