"""An object on the disk, held against the hash that whoever asks for it knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rtv_core.errors import IntegrityError
from rtv_core.objects.base import ObjectStore
from rtv_core.objects.folder import sha256_of


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How it is told that the store holds other bytes: the code, the fact, and what names the right hash."""

    code: str
    fact: str
    named_by: str


def fetch_object(store: ObjectStore, object_key: str, path: Path, *, sha256: str, mismatch: Mismatch) -> Path:
    """Download an object to `path`; raises `IntegrityError`, told by `mismatch`, when it has another hash."""
    store.download(object_key, path)
    if (found := sha256_of(path)) != sha256:
        raise IntegrityError(
            mismatch.fact,
            remedy=f"Restore the object from its backup; {mismatch.named_by} names the hash it must have.",
            code=mismatch.code,
            expected=sha256,
            found=found,
        )
    return path
