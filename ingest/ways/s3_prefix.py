"""A prefix of an S3 bucket that partners write to: objects appear whole, and are deleted once kept."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ingest.ways.parcels import MAX_PARCELS, Look, Parcel, RefusedParcel, judge, plain
from rtv_core.errors import ConfigurationError, NotFound, NotPermitted, RtvError, ServiceUnavailable
from rtv_core.partner_settings import S3InSettings

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

_BLOCK = 1 << 20
_GONE = {"404", "NoSuchKey", "NotFound"}
_CHANGED = {"412", "PreconditionFailed"}
# What servers answer that know no conditional delete.
_NO_CONDITIONS = {"501", "NotImplemented"}
_DENIED = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}


class S3Prefix:
    """The objects below one prefix; a version is an ETag."""

    name = "s3"
    settle_seconds = 0.0

    def __init__(self, settings: S3InSettings, *, max_bytes: int) -> None:
        self._bucket = settings.bucket or ""
        self._prefix = f"{settings.prefix.strip('/')}/" if settings.prefix.strip("/") else ""
        self._max_bytes = max_bytes
        self._settings = settings

    def __enter__(self) -> Self:
        try:
            self._client = self._made()
        except ValueError as error:
            raise ConfigurationError(
                f"No client can be made: {error}",
                remedy="Write RTV_S3_IN__ENDPOINT_URL as https://host:port.",
                code="S3_IN_ENDPOINT_INVALID",
            ) from error
        return self

    def _made(self) -> S3Client:
        return boto3.client(
            "s3",
            endpoint_url=self._settings.endpoint_url or None,
            region_name=self._settings.region,
            aws_access_key_id=plain(self._settings.access_key),
            aws_secret_access_key=plain(self._settings.secret_key),
            config=Config(
                s3={"addressing_style": "path"},
                retries={"max_attempts": 2, "mode": "standard"},
                connect_timeout=5,
                read_timeout=60,
            ),
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def look(self) -> Look:
        """The objects below the prefix."""
        waiting: list[Parcel] = []
        refused: list[RefusedParcel] = []
        for entry in self._listed():
            key, size = entry["Key"], entry["Size"]
            judged = judge(key.removeprefix(self._prefix), size, self._max_bytes)
            if isinstance(judged, RefusedParcel):
                refused.append(RefusedParcel(self._uri(key), judged.reason))
            elif judged is not None:
                waiting.append(Parcel(key, judged, size, entry["ETag"]))
            if len(waiting) == MAX_PARCELS:
                break
        return Look(tuple(waiting), tuple(refused))

    def _listed(self) -> Iterator[Any]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix
        )
        try:
            for page in pages:
                yield from page.get("Contents", [])
        except (ClientError, BotoCoreError, ValueError) as error:
            raise self._translated(error, self._prefix) from error

    def contents(self, parcel: Parcel) -> Generator[tuple[str, BinaryIO], None, None]:
        """The object, as it was looked at."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=parcel.place, IfMatch=parcel.version)
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _GONE | _CHANGED:
                return
            raise self._translated(error, parcel.place) from error
        with io.BufferedReader(_Body(self, parcel.place, found["Body"]), _BLOCK) as stream:
            yield parcel.place.rsplit("/", 1)[-1], cast(BinaryIO, stream)

    def let_go(self, parcel: Parcel) -> bool:
        """Delete the object unless another one was written over it."""
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=parcel.place)
            if found["ETag"] != parcel.version:
                return False
            self._delete(parcel)
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _GONE | _CHANGED:
                return False
            raise self._translated(error, parcel.place) from error
        return True

    def _delete(self, parcel: Parcel) -> None:
        try:
            self._client.delete_object(Bucket=self._bucket, Key=parcel.place, IfMatch=parcel.version)
        except ClientError as error:
            if _code(error) not in _NO_CONDITIONS:
                raise
            self._client.delete_object(Bucket=self._bucket, Key=parcel.place)

    def set_aside(self, parcel: Parcel) -> None:
        """It stays where it is, and is refused at each look."""

    def _uri(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"

    def _translated(self, error: Exception, key: str) -> RtvError:
        code = _code(error)
        if code == "NoSuchBucket":
            return NotFound(
                f"There is no bucket {self._bucket}",
                remedy="Create it, or correct RTV_S3_IN__BUCKET.",
                code="S3_IN_BUCKET_NOT_FOUND",
            )
        if code in _DENIED or type(error).__name__ == "NoCredentialsError":
            return NotPermitted(
                f"{self._uri(key)} is refused: {error}",
                remedy="Correct RTV_S3_IN__ACCESS_KEY and RTV_S3_IN__SECRET_KEY; "
                "the key must be allowed to list, get and delete.",
                code="S3_IN_REFUSED",
            )
        return ServiceUnavailable(
            f"{self._uri(key)} does not answer: {error}",
            remedy="Check the network and RTV_S3_IN__ENDPOINT_URL; the next look tries again.",
            code="S3_IN_UNREACHABLE",
        )


class _Body(io.RawIOBase):
    """An object's bytes as they arrive; an end before the end is our error, never a short file."""

    def __init__(self, door: S3Prefix, key: str, body: Any) -> None:
        self._door, self._key, self._body = door, key, body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._body.read(len(buffer))
        except (BotoCoreError, OSError) as error:
            raise self._door._translated(error, self._key) from error
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._body.close()
        super().close()


def _code(error: Exception) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
