"""Finds evidence and uploads whose time is over, and writes down their removal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.identity import Actor
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, fetch_all


def expired_clips(connection: Connection, cut_before: datetime) -> list[dict[str, Any]]:
    """Clips cut before the given time whose object no live clip and no open claim needs."""
    return fetch_all(
        connection,
        """
        select clip.clip_id, clip.tenant_code, clip.object_key, clip.sha256
        from ops.clips as clip
        where
            clip.clip_status = 'cut'
            and clip.object_key is not null
            and clip.cut_at < %(cut_before)s
            and not exists (
                select 1
                from ops.clips as other
                inner join ops.claim_lines as line on line.discrepancy_key = other.discrepancy_key
                inner join ops.claims as claim using (claim_id)
                where
                    other.object_key = clip.object_key
                    and claim.claim_status not in ('closed', 'dropped', 'time_barred')
            )
            and not exists (
                select 1 from ops.clips as other
                where other.object_key = clip.object_key and other.cut_at >= %(cut_before)s
            )
        order by clip.clip_id
        """,
        {"cut_before": cut_before},
    )


def record_removal(connection: Connection, clip: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Take the object's address off the clip and write the removal to the audit trail."""
    connection.execute(
        "update ops.clips set object_key = null, finding = %s where clip_id = %s",
        (f"Removed on {now.date().isoformat()}: its retention had ended", clip["clip_id"]),
    )
    write_audit(
        connection,
        tenant_code=clip["tenant_code"],
        actor=actor,
        verb="remove_expired",
        object_kind="clip",
        object_id=str(clip["clip_id"]),
        detail={"object_key": clip["object_key"], "sha256": clip["sha256"]},
        now=now,
    )


def expired_uploads(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """Uploads that were to be finished by now and are not."""
    return fetch_all(
        connection,
        "select upload_id, tenant_code, file_name, capture_id, size_bytes, created_by from ops.uploads "
        "where completed_at is null and expires_at < %s order by expires_at, upload_id",
        (now,),
    )


def forget_upload(connection: Connection, upload: dict[str, Any], actor: Actor, now: datetime) -> bool:
    """Drop an upload's row and write the removal to the audit trail; False when it was finished after all."""
    gone = connection.execute(
        "delete from ops.uploads where upload_id = %s and completed_at is null", (upload["upload_id"],)
    )
    if gone.rowcount == 0:
        return False
    write_audit(
        connection,
        tenant_code=upload["tenant_code"],
        actor=actor,
        verb="remove_expired",
        object_kind="upload",
        object_id=upload["upload_id"],
        detail={name: upload[name] for name in ("file_name", "capture_id", "size_bytes", "created_by")},
        now=now,
    )
    return True


def running_uploads(connection: Connection, upload_ids: list[str]) -> set[str]:
    """Those of the uploads that are known and not complete."""
    rows = fetch_all(
        connection,
        "select upload_id from ops.uploads where upload_id = any(%s) and completed_at is null",
        (upload_ids,),
    )
    return {row["upload_id"] for row in rows}
