"""Settings of the ways in which partners' files and messages come: doors that are looked at, hooks, pulls."""

from __future__ import annotations

import base64
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


class Group(BaseModel):
    """One group of settings; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class S3InSettings(Group):
    """A prefix of an S3 bucket that partners write to."""

    bucket: str | None = Field(default=None, description="Bucket partners write to; unset: none is read.")
    prefix: str = Field(
        default="", description="Prefix below which `<tenant>/<file>` and `<file>` are taken."
    )
    endpoint_url: str | None = Field(default=None, description="Its endpoint; unset: the client's default.")
    region: str = Field(default="us-east-1", description="Its region.")
    access_key: SecretStr | None = Field(
        default=None, description="Access key that may list, get and delete."
    )
    secret_key: SecretStr | None = Field(default=None, description="Secret key of it.")


class SftpInSettings(Group):
    """A folder of an SFTP server that partners write to."""

    host: str | None = Field(default=None, description="SFTP server partners write to; unset: none is read.")
    port: int = Field(default=22, description="Its port.")
    user: str = Field(default="", description="User to sign in as.")
    password: SecretStr | None = Field(
        default=None, description="Password of the user, where no key is used."
    )
    key_file: Path | None = Field(default=None, description="Private key to sign in with.")
    key_passphrase: SecretStr | None = Field(default=None, description="Passphrase of the private key.")
    known_hosts_file: Path | None = Field(
        default=None, description="Host keys that are trusted; unset: RTV_HOME/keys/known_hosts."
    )
    folder: str = Field(default=".", description="Folder in which `<tenant>/<file>` and `<file>` are taken.")
    settle_seconds: float = Field(
        default=5.0, description="A file is whole when neither its size nor its time moved for so long."
    )


class MailInSettings(Group):
    """A mailbox that partners write to."""

    host: str | None = Field(default=None, description="IMAP server of the mailbox; unset: none is read.")
    port: int = Field(default=993, description="Its port.")
    security: Literal["tls", "starttls", "off"] = Field(
        default="tls", description="How the line is encrypted; off only to this machine."
    )
    ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) that are trusted; unset: the system's."
    )
    user: str = Field(default="", description="User to sign in as.")
    password: SecretStr | None = Field(default=None, description="Password of the user.")
    tenant: str = Field(default="default", description="Tenant whose files come in by this mailbox.")
    folder: str = Field(default="INBOX", description="Folder that is read.")
    done_folder: str = Field(default="RTV received", description="Folder for letters whose files are kept.")
    refused_folder: str = Field(
        default="RTV refused", description="Folder for letters without a file, or with one not to be kept."
    )
    max_letter_bytes: int = Field(default=64 * 1024**2, description="Larger letters are refused and stay.")


class ProofKind(StrEnum):
    """How a sender that pushes proves itself."""

    STANDARD = "standard"
    HMAC_SHA256 = "hmac_sha256"
    TOKEN = "token"  # noqa: S105 - the name of a kind


def standard_key(secret: str) -> bytes:
    """The key of a Standard Webhooks secret; `ValueError` when it is none."""
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


class HookSettings(Group):
    """One sender that pushes its messages to `POST /v1/hooks/<name>`."""

    tenant_code: str = Field(default="default", description="Tenant whose messages these are.")
    proof: ProofKind = Field(description="How the sender proves itself.")
    header: str | None = Field(default=None, description="Its header; unset: the proof's own.")
    secrets: tuple[SecretStr, ...] = Field(
        min_length=1, description="Secrets that prove a message; two while one replaces the other."
    )

    @field_validator("secrets")
    @classmethod
    def _long_enough(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(secret.get_secret_value()) < 16 for secret in secrets):
            raise ValueError("a secret has fewer than 16 characters")
        return secrets

    @model_validator(mode="after")
    def _readable(self) -> HookSettings:
        for secret in self.secrets if self.proof is ProofKind.STANDARD else ():
            standard_key(secret.get_secret_value())
        return self


class PullSettings(Group):
    """One transporter that is asked every night where its open consignments are."""

    tenant_code: str = Field(default="default", description="Tenant whose consignments are asked for.")
    transporter_code: str = Field(description="Transporter whose AWBs are asked for.")
    url: str = Field(description="Address of its tracking; {awbs} stands for the AWBs of one request.")
    headers: dict[str, SecretStr] = Field(default={}, description="Headers of each request, with its key.")
    separator: str = Field(default=",", description="Between the AWBs of one request.")
    awbs_a_request: int = Field(default=50, ge=1, le=1000, description="AWBs of one request.")
    requests_a_minute: int = Field(default=60, ge=1, description="Most requests in a minute.")
    days: int = Field(default=45, ge=1, description="Returns older than this are no longer asked for.")

    @field_validator("url")
    @classmethod
    def _askable(cls, url: str) -> str:
        if "{awbs}" not in url:
            raise ValueError("the address does not hold {awbs}")
        is_here = url.startswith(("http://127.0.0.1", "http://localhost"))
        if not (url.startswith("https://") or is_here):
            raise ValueError("the address must begin with https://")
        return url


class InboundSettings(Group):
    """Who may push messages in, and who is asked."""

    hooks: dict[str, HookSettings] = Field(
        default={}, description="Pushing senders by name, as JSON; none: nothing is taken."
    )
    pulls: dict[str, PullSettings] = Field(
        default={}, description="Transporters asked every night, by name, as JSON; none: nobody is asked."
    )

    @field_validator("hooks", "pulls", mode="before")
    @classmethod
    def _blank_is_none(cls, given: object) -> object:
        """Compose passes a variable that is not set as a blank one."""
        return {} if given == "" else given
