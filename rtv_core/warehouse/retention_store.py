"""Finds evidence and uploads whose time is over, and writes down their removal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.identity import Actor
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, fetch_all

# Evidence of a claim in one of these states is no longer needed for it.
_OVER = "('closed', 'dropped', 'time_barred')"


def objects_on_open_claims(connection: Connection) -> dict[str, str]:
    """The objects that open claims rest on, each with its tenant: clips with all that is theirs, bundles."""
    rows = fetch_all(
        connection,
        f"""
        with open_claims as (
            select claim_id, tenant_code, bundle_key from ops.claims where claim_status not in {_OVER}
        ),

        clips as (
            select clip.clip_id, clip.tenant_code, clip.object_key, clip.manifest
            from ops.clips as clip
            inner join ops.claim_lines as line using (discrepancy_key)
            inner join open_claims using (claim_id)
            where clip.clip_status = 'cut' and clip.object_key is not null
        )

        select tenant_code, object_key from clips
        union
        select tenant_code, file ->> 'object_key' from clips,
            jsonb_array_elements(coalesce(manifest -> 'files', '[]')) as file
        union
        select tenant_code, manifest -> 'playable' ->> 'object_key' from clips
        union
        select clips.tenant_code, file.value ->> 'object_key'
        from clips
        inner join ops.presentations as made on made.clip_id = clips.clip_id and made.removed_at is null,
            jsonb_each(made.files) as file
        union
        select tenant_code, bundle_key from open_claims
        """,
    )
    return {row["object_key"]: row["tenant_code"] for row in rows if row["object_key"]}


def objects_held(connection: Connection) -> dict[str, str]:
    """The objects that are held, each with its tenant."""
    rows = fetch_all(
        connection, "select tenant_code, object_key from ops.legal_holds where released_at is null"
    )
    return {row["object_key"]: row["tenant_code"] for row in rows}


def record_hold(
    connection: Connection, tenant_code: str, object_key: str, actor: Actor, now: datetime
) -> None:
    """Note that an object is held, in the audit trail too."""
    connection.execute(
        "insert into ops.legal_holds (tenant_code, object_key, placed_at) values (%s, %s, %s)",
        (tenant_code, object_key, now),
    )
    _audit_hold(connection, "hold_evidence", tenant_code, object_key, actor=actor, now=now)


def record_let_go(
    connection: Connection, tenant_code: str, object_key: str, actor: Actor, now: datetime
) -> None:
    """Note that an object is no longer held, in the audit trail too."""
    connection.execute(
        "update ops.legal_holds set released_at = %s where object_key = %s and released_at is null",
        (now, object_key),
    )
    _audit_hold(connection, "let_go_evidence", tenant_code, object_key, actor=actor, now=now)


def _audit_hold(
    connection: Connection, verb: str, tenant_code: str, object_key: str, *, actor: Actor, now: datetime
) -> None:
    write_audit(
        connection, tenant_code=tenant_code, actor=actor, verb=verb, object_kind="object",
        object_id=object_key, detail={}, now=now,
    )  # fmt: skip


def expired_clips(connection: Connection, cut_before: datetime) -> list[dict[str, Any]]:
    """Clips cut before the given time whose object no live clip and no open claim needs."""
    return fetch_all(
        connection,
        f"""
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
                    and claim.claim_status not in {_OVER}
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


def expired_presentations(connection: Connection, made_before: datetime) -> list[dict[str, Any]]:
    """Presentations made before then whose clip was removed, with the objects that none that stays needs."""
    return fetch_all(
        connection,
        """
        with present as (
            select
                made.presentation_id, made.tenant_code, made.clip_id,
                file.value ->> 'object_key' as object_key,
                made.made_at < %s and clip.object_key is null as is_expired
            from ops.presentations as made
            inner join ops.clips as clip using (clip_id), jsonb_each(made.files) as file
            where made.removed_at is null
        ),

        needed as (select object_key from present where not is_expired)

        select presentation_id, tenant_code, clip_id, array_remove(array_agg(distinct case
            when object_key not in (select object_key from needed) then object_key
        end), null) as object_keys
        from present
        where is_expired
        group by presentation_id, tenant_code, clip_id
        order by presentation_id
        """,
        (made_before,),
    )


def record_presentation_removal(
    connection: Connection, made: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Note that a presentation's files are gone, in the audit trail too; its record stays."""
    connection.execute(
        "update ops.presentations set removed_at = %s where presentation_id = %s",
        (now, made["presentation_id"]),
    )
    write_audit(
        connection, tenant_code=made["tenant_code"], actor=actor, verb="remove_expired",
        object_kind="presentation", object_id=str(made["presentation_id"]),
        detail={"clip_id": made["clip_id"], "object_keys": made["object_keys"]}, now=now,
    )  # fmt: skip


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
