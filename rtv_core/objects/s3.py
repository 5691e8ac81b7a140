"""The object store on an S3 server, with Object Lock in compliance mode for what is retained."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rtv_core.errors import (
    ConflictError,
    IntegrityError,
    InvalidInput,
    NotFound,
    NotPermitted,
    ServiceUnavailable,
)
from rtv_core.objects.base import ObjectInfo
from rtv_core.objects.folder import sha256_of

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

_MISSING = {"404", "NoSuchKey", "NotFound", "NoSuchBucket"}
_DENIED = {
    "403",
    "AccessDenied",
    "InvalidAccessKeyId",
    "InvalidRequest",
    "ObjectLocked",
    "SignatureDoesNotMatch",
}


class S3Store:
    """Objects in one bucket; the SHA-256 stands in the object's metadata."""

    def __init__(
        self,
        bucket: str,
        *,
        endpoint_url: str | None,
        region: str,
        access_key: str | None,
        secret_key: str | None,
    ) -> None:
        self.bucket = bucket
        self.client: S3Client = boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(
                s3={"addressing_style": "path"},
                retries={"max_attempts": 4, "mode": "standard"},
                connect_timeout=5,
                read_timeout=60,
            ),
        )

    def ensure_bucket(self) -> None:
        """Create the bucket with Object Lock when it is not there."""
        try:
            self.client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise _translate(error, self.bucket) from error
            self.client.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=True)
        except BotoCoreError as error:
            raise _translate(error, self.bucket) from error

    def uri(self, key: str) -> str:
        """The object's address."""
        return f"s3://{self.bucket}/{_checked(key)}"

    def put_file(
        self, key: str, path: Path, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        """Upload a file; see `ObjectStore.put_file`."""
        if sha256_of(path) != sha256:
            raise IntegrityError(
                f"{path.name} does not hash to {sha256}",
                remedy="Send the file again; it changed on the way.",
                code="OBJECT_HASH_MISMATCH",
            )
        there = self.head(key)
        if there is not None:
            if there.sha256 != sha256:
                raise ConflictError(
                    f"Other bytes stand under {key}",
                    remedy="Use another key.",
                    code="OBJECT_EXISTS_DIFFERENT",
                )
            return there
        extra: dict[str, Any] = {"Metadata": {"sha256": sha256}}
        if retain_until is not None:
            extra |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": retain_until}
        try:
            with path.open("rb") as stream:
                self.client.put_object(Bucket=self.bucket, Key=_checked(key), Body=stream, **extra)
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error
        return ObjectInfo(key, path.stat().st_size, sha256, retain_until)

    def put_bytes(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectInfo:
        """Store bytes, as `put_file`."""
        digest = hashlib.sha256(data).hexdigest()
        there = self.head(key)
        if there is not None:
            if there.sha256 != digest:
                raise ConflictError(
                    f"Other bytes stand under {key}",
                    remedy="Use another key.",
                    code="OBJECT_EXISTS_DIFFERENT",
                )
            return there
        extra: dict[str, Any] = {"Metadata": {"sha256": digest}}
        if retain_until is not None:
            extra |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": retain_until}
        try:
            self.client.put_object(Bucket=self.bucket, Key=_checked(key), Body=data, **extra)
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error
        return ObjectInfo(key, len(data), digest, retain_until)

    def get_bytes(self, key: str) -> bytes:
        """All bytes of an object."""
        with self.open(key) as stream:
            return stream.read()

    def open(self, key: str) -> BinaryIO:
        """A stream over an object."""
        try:
            body = self.client.get_object(Bucket=self.bucket, Key=_checked(key))["Body"]
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error
        return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, body)))

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Bytes `start` to `end` inclusive."""
        try:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=_checked(key), Range=f"bytes={start}-{end}"
            )
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error
        return answer["Body"].read()

    def download(self, key: str, path: Path) -> None:
        """Write an object to a local file, whole or not at all."""
        part = path.with_name(f".part-{path.name}")
        try:
            self.client.download_file(self.bucket, _checked(key), str(part))
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error
        part.rename(path)

    def head(self, key: str) -> ObjectInfo | None:
        """What is known of an object."""
        try:
            answer = self.client.head_object(Bucket=self.bucket, Key=_checked(key))
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise _translate(error, key) from error
        except BotoCoreError as error:
            raise _translate(error, key) from error
        return ObjectInfo(
            key,
            answer["ContentLength"],
            answer["Metadata"].get("sha256"),
            answer.get("ObjectLockRetainUntilDate"),
            answer.get("ObjectLockLegalHoldStatus") == "ON",
        )

    def list(self, prefix: str) -> list[ObjectInfo]:
        """The objects whose key starts with `prefix`."""
        try:
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return [
                ObjectInfo(entry["Key"], entry["Size"], None)
                for page in pages
                for entry in page.get("Contents", [])
            ]
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, prefix) from error

    def delete(self, key: str) -> None:
        """Remove an object with all its versions unless it is retained."""
        try:
            versions = self.client.list_object_versions(Bucket=self.bucket, Prefix=_checked(key))
            for version in versions.get("Versions", []):
                if version["Key"] == key:
                    self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version["VersionId"])
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error

    def hold(self, key: str) -> None:
        """Keep an object under a legal hold until it is let go."""
        self._set_hold(key, "ON")

    def let_go(self, key: str) -> None:
        """End the legal hold of an object."""
        self._set_hold(key, "OFF")

    def _set_hold(self, key: str, status: Literal["ON", "OFF"]) -> None:
        # Asked about an object that is not there, servers fail in ways of their own.
        if self.head(key) is None:
            raise NotFound(
                f"No object {key}", remedy="Check the key and the bucket.", code="OBJECT_NOT_FOUND"
            )
        try:
            self.client.put_object_legal_hold(
                Bucket=self.bucket, Key=_checked(key), LegalHold={"Status": status}
            )
        except (ClientError, BotoCoreError) as error:
            raise _translate(error, key) from error


def _checked(key: str) -> str:
    parts = PurePosixPath(key)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts or "\x00" in key:
        raise InvalidInput(
            f"{key!r} is no object key", remedy="Use a relative key without '..'.", code="OBJECT_KEY_INVALID"
        )
    return key


def _translate(error: ClientError | BotoCoreError, name: str) -> Exception:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    if code in _MISSING:
        return NotFound(f"No object {name}", remedy="Check the key and the bucket.", code="OBJECT_NOT_FOUND")
    if code in _DENIED:
        return NotPermitted(
            f"The object store refuses {name}: {error}",
            remedy="Check the credentials; a retained object cannot be removed.",
            code="STORE_REFUSED",
        )
    return ServiceUnavailable(
        f"The object store does not answer for {name}: {error}",
        remedy="Start it, or correct RTV_STORE__ENDPOINT_URL.",
        code="STORE_UNAVAILABLE",
    )
