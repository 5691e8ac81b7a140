"""Gives items their pictures: files named by SKU code or GTIN, kept small in our own store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rtv_core.errors import InvalidInput
from rtv_core.identity import Actor, Role
from rtv_core.objects import ObjectStore, content_key
from rtv_core.pictures import small_picture
from rtv_core.warehouse import item_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect

_MAX_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class PicturesAdded:
    """What became of each file: its name under `added` or `unchanged`, or with the reason under `refused`."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def add_pictures(
    dsn: str, store: ObjectStore, files: list[Path], *, actor: Actor, now: datetime
) -> PicturesAdded:
    """Take each file as the picture of the item its stem names; the newest stands.

    A file that names no item, or is no picture, is refused alone; the others are taken. The same files again
    change nothing.
    """
    actor.require(Role.OPS, Role.BAY_LEAD)
    done = PicturesAdded()
    with connect(dsn, application_name="rtv-pictures") as connection:
        skus = item_store.skus_named(connection, actor.tenant_code, sorted({file.stem for file in files}))
    for file in files:
        sku_code = skus.get(file.stem)
        if sku_code is None:
            done.refused[file.name] = f"No item has the code or GTIN {file.stem}, or more than one has"
            continue
        try:
            picture = _read(file)
        except InvalidInput as error:
            done.refused[file.name] = error.fact
            continue
        is_new = _keep(dsn, store, sku_code, picture, actor=actor, now=now)
        (done.added if is_new else done.unchanged).append(file.name)
    return done


def _read(file: Path) -> bytes:
    if file.stat().st_size > _MAX_BYTES:
        raise InvalidInput(
            f"The picture has more than {_MAX_BYTES} bytes",
            remedy="Send a smaller one.",
            code="PICTURE_INVALID",
        )
    return small_picture(file.read_bytes())


def _keep(
    dsn: str, store: ObjectStore, sku_code: str, picture: bytes, *, actor: Actor, now: datetime
) -> bool:
    sha256 = hashlib.sha256(picture).hexdigest()
    key = content_key(f"pictures/{actor.tenant_code}", sha256, ".webp")
    store.put_bytes(key, picture)
    with connect(dsn, application_name="rtv-pictures") as connection:
        is_new = item_store.save_picture(
            connection,
            tenant_code=actor.tenant_code,
            sku_code=sku_code,
            picture_sha256=sha256,
            object_key=key,
            now=now,
        )
        if is_new:
            write_audit(
                connection,
                tenant_code=actor.tenant_code,
                actor=actor,
                verb="add_pictures",
                object_kind="item_picture",
                object_id=sku_code,
                detail={"picture_sha256": sha256},
                now=now,
            )
    return is_new
