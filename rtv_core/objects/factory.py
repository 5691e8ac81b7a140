"""Opens the object store that the settings name."""

from __future__ import annotations

from rtv_core.objects.base import ObjectStore
from rtv_core.objects.folder import FolderStore
from rtv_core.settings import Settings


def open_store(settings: Settings) -> ObjectStore:
    """The store of these settings; an S3 bucket is created with Object Lock when absent."""
    if settings.store.kind == "folder":
        return FolderStore(settings.store_folder)
    from rtv_core.objects.s3 import S3Store

    access, secret = settings.store.access_key, settings.store.secret_key
    store = S3Store(
        settings.store.bucket,
        endpoint_url=settings.store.endpoint_url,
        region=settings.store.region,
        access_key=access.get_secret_value() if access else None,
        secret_key=secret.get_secret_value() if secret else None,
    )
    store.ensure_bucket()
    return store
