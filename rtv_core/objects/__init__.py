"""The object store: bytes kept once under their key, in a local folder or on any S3 server."""

from rtv_core.objects.base import ObjectInfo, ObjectStore, content_key
from rtv_core.objects.factory import open_store

__all__ = ["ObjectInfo", "ObjectStore", "content_key", "open_store"]
