"""A folder of an SFTP server that partners write to: files are taken when they stopped growing."""

from __future__ import annotations

import asyncio
import io
import posixpath
from collections.abc import Coroutine, Generator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar, cast

import asyncssh

from ingest.drop_folder import is_tenant_code
from ingest.ways.parcels import MAX_PARCELS, Look, Parcel, RefusedParcel, judge, plain
from rtv_core.errors import (
    ConfigurationError,
    IntegrityError,
    NotFound,
    NotPermitted,
    RtvError,
    ServiceUnavailable,
)
from rtv_core.partner_settings import SftpInSettings

_BLOCK = 1 << 20
_ANSWER_SECONDS = 60.0
_CONNECT_SECONDS = 15.0
_REGULAR = asyncssh.FILEXFER_TYPE_REGULAR
_FOLDER = asyncssh.FILEXFER_TYPE_DIRECTORY
Answer = TypeVar("Answer")


class SftpFolder:
    """The files of one folder and of its tenants' folders; a version is size and time of change."""

    name = "sftp"

    def __init__(self, settings: SftpInSettings, known_hosts: Path, *, max_bytes: int) -> None:
        self.settle_seconds = settings.settle_seconds
        self._settings = settings
        self._known_hosts = known_hosts
        self._max_bytes = max_bytes

    def __enter__(self) -> Self:
        self._check()
        with ExitStack() as opening:
            self._loop = opening.enter_context(asyncio.Runner())
            self._run(self._sign_in())
            self._signed_in = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.abort()
        self._signed_in.close()

    def _check(self) -> None:
        if not self._known_hosts.is_file():
            raise ConfigurationError(
                f"No host key is trusted: {self._known_hosts} is not there",
                remedy=f"Ask the partner for the server's host key, compare it with the answer of "
                f"`ssh-keyscan -p {self._settings.port} {self._settings.host}`, and write it there.",
                code="SFTP_IN_HOST_KEY_UNSET",
            )
        key = self._settings.key_file
        if key and not key.is_file():
            raise ConfigurationError(
                f"The private key {key} is not there",
                remedy="Correct RTV_SFTP_IN__KEY_FILE.",
                code="SFTP_IN_KEY_INVALID",
            )

    async def _sign_in(self) -> None:
        settings = self._settings
        self._connection = await asyncssh.connect(
            settings.host or "",
            settings.port,
            username=settings.user,
            password=plain(settings.password),
            client_keys=[str(settings.key_file)] if settings.key_file else None,
            passphrase=plain(settings.key_passphrase),
            known_hosts=str(self._known_hosts),
            # Neither the person's agent nor their ssh configuration decides what the hub does.
            agent_path=None,
            config=None,
            connect_timeout=_CONNECT_SECONDS,
            login_timeout=_CONNECT_SECONDS,
        )
        self._client = await self._connection.start_sftp_client(path_errors="surrogateescape")

    def look(self) -> Look:
        """The files of the folder and of its tenants' folders."""
        waiting: list[Parcel] = []
        refused: list[RefusedParcel] = []
        for relative, attributes in self._run(self._listed()):
            place = posixpath.join(self._settings.folder, relative)
            size = attributes.size or 0
            judged = judge(relative, size, self._max_bytes)
            if isinstance(judged, RefusedParcel):
                refused.append(RefusedParcel(place, judged.reason))
            elif judged is not None and attributes.type != _REGULAR:
                refused.append(RefusedParcel(place, "it is no regular file"))
            elif judged is not None:
                waiting.append(Parcel(place, judged, size, _version(attributes)))
        return Look(tuple(waiting[:MAX_PARCELS]), tuple(refused))

    async def _listed(self) -> list[tuple[str, asyncssh.SFTPAttrs]]:
        found: list[tuple[str, asyncssh.SFTPAttrs]] = []
        for name, attributes in await self._entries(""):
            if attributes.type == _FOLDER and is_tenant_code(name):
                found += [(f"{name}/{inner}", of_inner) for inner, of_inner in await self._entries(name)]
            elif attributes.type == _FOLDER and not name.startswith("."):
                found.append((f"{name}/*", attributes))
            else:
                found.append((name, attributes))
        return found

    async def _entries(self, folder: str) -> list[tuple[str, asyncssh.SFTPAttrs]]:
        """Names and attributes, a link's its own; a name with a path in it is no name of this folder."""
        found = []
        async for entry in self._client.scandir(posixpath.join(self._settings.folder, folder)):
            name = str(entry.filename)
            if "/" not in name and name not in (".", ".."):
                found.append((name, entry.attrs))
        return sorted(found, key=lambda one: one[0])

    def contents(self, parcel: Parcel) -> Generator[tuple[str, BinaryIO], None, None]:
        """The file, while it is still the one that was looked at."""
        if not self._is_same(parcel):
            return
        try:
            remote = self._run(self._opened(parcel.place))
        except NotFound:
            return
        with io.BufferedReader(_Remote(self, remote), _BLOCK) as stream:
            yield posixpath.basename(parcel.place), cast(BinaryIO, stream)

    async def _opened(self, place: str) -> asyncssh.SFTPClientFile:
        return await self._client.open(place, "rb")

    def let_go(self, parcel: Parcel) -> bool:
        """Delete the file unless it grew or was replaced."""
        if not self._is_same(parcel):
            return False
        self._run(self._client.remove(parcel.place))
        return True

    def set_aside(self, parcel: Parcel) -> None:
        """It stays where it is, and is refused at each look."""

    def _is_same(self, parcel: Parcel) -> bool:
        try:
            attributes = self._run(self._client.lstat(parcel.place))
        except NotFound:
            return False
        return attributes.type == _REGULAR and _version(attributes) == parcel.version

    def _run(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        """Ask the server and wait, within bounds."""

        async def bounded() -> Answer:
            return await asyncio.wait_for(question, _ANSWER_SECONDS)

        try:
            return self._loop.run(bounded())
        except (asyncssh.Error, OSError, ValueError) as error:
            raise self._translated(error) from error

    def _translated(self, error: Exception) -> RtvError:
        host = f"{self._settings.host}:{self._settings.port}"
        if isinstance(error, asyncssh.HostKeyNotVerifiable):
            return IntegrityError(
                f"{host} shows a host key that {self._known_hosts} does not have",
                remedy="Ask the partner whether the key was changed before you trust another one.",
                code="SFTP_IN_HOST_KEY_UNKNOWN",
            )
        if isinstance(error, asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
            return ConfigurationError(
                f"The private key cannot be read: {error}",
                remedy="Correct RTV_SFTP_IN__KEY_FILE or RTV_SFTP_IN__KEY_PASSPHRASE.",
                code="SFTP_IN_KEY_INVALID",
            )
        if isinstance(error, ValueError):
            return ConfigurationError(
                f"{self._known_hosts} cannot be read: {error}",
                remedy="Write it as `ssh-keyscan` does: host, kind of key, key.",
                code="SFTP_IN_HOST_KEY_UNSET",
            )
        if isinstance(error, asyncssh.PermissionDenied):
            return NotPermitted(
                f"{host} refuses the user {self._settings.user!r}",
                remedy="Correct RTV_SFTP_IN__USER and RTV_SFTP_IN__PASSWORD or RTV_SFTP_IN__KEY_FILE.",
                code="SFTP_IN_LOGIN_REFUSED",
            )
        if isinstance(error, asyncssh.SFTPNoSuchFile | asyncssh.SFTPNoSuchPath):
            return NotFound(
                f"{host} has no {self._settings.folder}, or what stood there is gone: {error}",
                remedy="Create the folder, or correct RTV_SFTP_IN__FOLDER.",
                code="SFTP_IN_FOLDER_NOT_FOUND",
            )
        if isinstance(error, asyncssh.SFTPPermissionDenied | asyncssh.SFTPFailure):
            return NotPermitted(
                f"{host} refuses what was asked in {self._settings.folder}: {error}",
                remedy="The user must be allowed to list, read and delete there.",
                code="SFTP_IN_REFUSED",
            )
        return ServiceUnavailable(
            f"{host} does not answer: {error or type(error).__name__}",
            remedy="Check the network, RTV_SFTP_IN__HOST and RTV_SFTP_IN__PORT; the next look tries again.",
            code="SFTP_IN_UNREACHABLE",
        )


class _Remote(io.RawIOBase):
    """A remote file's bytes, a block at a time."""

    def __init__(self, door: SftpFolder, remote: Any) -> None:
        self._door, self._remote = door, remote

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._door._run(self._remote.read(len(buffer)))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._door._run(self._remote.close())


def _version(attributes: asyncssh.SFTPAttrs) -> str:
    return f"{attributes.size}:{attributes.mtime}:{attributes.mtime_ns or 0}"
