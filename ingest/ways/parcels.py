"""What waits at a partner's door: a parcel of one file or more, taken whole and let go once it is kept."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from pydantic import SecretStr

from ingest.drop_folder import DEFAULT_TENANT, is_tenant_code, is_unfinished

# More wait for the next look, so that one look ends.
MAX_PARCELS = 1000


@dataclass(frozen=True, slots=True)
class Parcel:
    """An object, a file or a letter that waits. Its version changes whenever its bytes do."""

    place: str
    tenant_code: str
    size_bytes: int
    version: str


@dataclass(frozen=True, slots=True)
class RefusedParcel:
    """Something that is never taken, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw; what still bears an unfinished name is in neither."""

    waiting: tuple[Parcel, ...] = ()
    refused: tuple[RefusedParcel, ...] = ()


class WayIn(Protocol):
    """A door at a partner's place; open it with `with`. Its errors are ours, with fact and remedy.

    `settle_seconds`: how long a parcel must stand unchanged, where the door shows files half written.
    """

    name: str
    settle_seconds: float

    def __enter__(self) -> Self:
        """Sign in."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out."""

    def look(self) -> Look:
        """What waits now."""

    def contents(self, parcel: Parcel) -> Generator[tuple[str, BinaryIO], None, None]:
        """Names and bytes of a parcel's files; none when the parcel is gone or another stands there."""

    def let_go(self, parcel: Parcel) -> bool:
        """Take a kept parcel away from the door; False when it changed meanwhile, and is taken again."""

    def set_aside(self, parcel: Parcel) -> None:
        """Leave a parcel with a file that cannot be kept where a person finds it."""


def judge(relative: str, size_bytes: int, max_bytes: int) -> str | RefusedParcel | None:
    """The tenant of `<tenant>/<file>` or `<file>`, or why it is refused; None for what must wait."""
    *folders, name = relative.split("/")
    if not name or name.startswith(".") or is_unfinished(name):
        return None
    if len(folders) > 1:
        return RefusedParcel(relative, "it lies deeper than a tenant's folder")
    tenant = folders[0] if folders else DEFAULT_TENANT
    if not is_tenant_code(tenant):
        return RefusedParcel(relative, "the folder's name is no tenant code")
    if size_bytes > max_bytes:
        return RefusedParcel(relative, f"it is larger than {max_bytes} bytes (RTV_INTAKE__MAX_FILE_BYTES)")
    return tenant


def plain(secret: SecretStr | None) -> str | None:
    """What a secret says; None when it is not set, or blank as compose passes one that is not."""
    return secret.get_secret_value() or None if secret else None
