"""The films and photos a bay's record names: found by their hash among the tenant's own uploads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.bay_inbox import BayDoor
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
