"""The films and photos a bay's record names: found by their hash among the tenant's own uploads.

A handover's photos and signature have no columns of their own; they are papers of its consignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.bay_inbox import BayDoor, keep_rows
from rtv_core.errors import ConflictError, InvalidInput
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.connection import Connection


def kept_media(connection: Connection, door: BayDoor, media: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The film or photo with the address of its kept bytes; only the tenant's own uploads can be named.

    Raises `ConflictError` (`MEDIA_NOT_COMPLETE`) while its upload is under way, `InvalidInput`
    (`MEDIA_URI_WRONG`) when the sender names another address than the hub's.
    """
    tenant, sha256 = door.actor.tenant_code, str(media["sha256"])
    upload = bay_store.completed_upload(connection, tenant, sha256)
    if upload is None:
        waiting = bay_store.open_uploads(connection, tenant, sha256)
        raise ConflictError(
            f"The {what} with SHA-256 {sha256} is " + ("not complete yet" if waiting else "not in the store"),
            remedy="Finish its upload (/v1/uploads), then send the record again with the same key.",
            code="MEDIA_NOT_COMPLETE",
            sha256=sha256,
            upload_ids=[row["upload_id"] for row in waiting],
        )
    uri = door.store.uri(upload["object_key"])
    if media.get("uri") not in {None, "", uri}:
        raise InvalidInput(
            f"The {what} is kept at another address than {media['uri']}",
            remedy="Leave uri out; the hub fills it in from the SHA-256.",
            code="MEDIA_URI_WRONG",
        )
    return {**without_blanks(media), "uri": uri}


def without_blanks(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without the fields that are null: blank and absent are the same to the contract."""
    return {
        name: [without_blanks(entry) if isinstance(entry, Mapping) else entry for entry in value]
        if isinstance(value, list)
        else value
        for name, value in record.items()
        if value is not None
    }


def keep_papers(
    connection: Connection,
    door: BayDoor,
    record: Mapping[str, Any],
    *,
    record_id: str,
    on: str,
    media: Sequence[tuple[str, Mapping[str, Any]]],
) -> None:
    """Keep what proves a handover as `documents_<id>.jsonl`, a row for each named film, photo or signature.

    `on` is the local date of the handover, or a time that begins with it. Raises as `kept_media` does.
    """
    named = {name: record.get(name) for name in ("platform_code", "rtv_no", "awb_no")}
    rows = []
    for name, entry in media:
        kept = kept_media(connection, door, entry, name.split("-")[0])
        paper = {"document_type": "other", "document_no": f"{record_id}-{name}", "document_on": on[:10]}
        rows.append({**paper, **without_blanks(named), "uri": kept["uri"], "sha256": kept["sha256"]})
    if rows:
        keep_rows(connection, door, f"documents_{record_id}.jsonl", rows)


def handover_media(record: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The film, signature and photos of a handover, each with the name its paper carries."""
    single = [(name, record.get(field)) for name, field in (("film", "video"), ("signature", "signature"))]
    photos = [(f"photo-{number}", photo) for number, photo in enumerate(record.get("photos") or [], start=1)]
    return [(name, entry) for name, entry in [*single, *photos] if entry]
