"""The only reader of the environment: typed, nested as RTV_<GROUP>__<FIELD>, refuses strangers.

`RTV_HOME` is the one exception: the folder everything local lives in (default `.rtv/`).
Secrets have no defaults; the local supervisor generates them once and hands them on.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from rtv_core.errors import ConfigurationError

PREFIX = "RTV_"


class Group(BaseModel):
    """One group of settings; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WarehouseSettings(Group):
    """The Postgres warehouse."""

    dsn: SecretStr | None = Field(
        default=None,
        description="Postgres address (postgresql://…). Unset: the embedded Postgres in RTV_HOME.",
    )
    port: int = Field(default=7432, description="Port of the embedded Postgres on 127.0.0.1.")
    statement_timeout_seconds: int = Field(default=1800, description="Longest one statement may take.")
    dbt_threads: int = Field(default=2, description="dbt models built at once.")


class StoreSettings(Group):
    """The object store: a local folder, or any S3 server."""

    kind: Literal["folder", "s3"] = Field(default="folder", description="Where objects are kept.")
    folder: Path | None = Field(default=None, description="Folder of the store; unset: RTV_HOME/store.")
    bucket: str = Field(default="rtv-hub", description="S3 bucket, created with Object Lock when absent.")
    endpoint_url: str | None = Field(default=None, description="S3 endpoint; unset: the client's default.")
    region: str = Field(default="us-east-1", description="S3 region.")
    access_key: SecretStr | None = Field(default=None, description="S3 access key.")
    secret_key: SecretStr | None = Field(default=None, description="S3 secret key.")
    port: int = Field(default=7433, description="Port of the local S3 server on 127.0.0.1.")


class IntakeSettings(Group):
    """Where files come in."""

    drop_folder: Path | None = Field(
        default=None, description="Drop folder, one subfolder a tenant; unset: RTV_HOME/drop."
    )
    max_file_bytes: int = Field(default=2 * 1024**3, description="Larger files are quarantined whole.")
    poll_seconds: float = Field(default=2.0, description="How often the drop folder is looked at.")
    remote_poll_seconds: float = Field(
        default=60.0, description="How often the S3 prefix, the SFTP folder and the mailbox are looked at."
    )


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


class ApiSettings(Group):
    """The bay's API and QC app."""

    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(default=7480, description="Port of the API and the QC app.")
    session_secret: SecretStr | None = Field(
        default=None, description="Signs operator sessions; at least 32 characters."
    )
    max_body_bytes: int = Field(default=8 * 1024**2, description="Largest JSON request body.")
    max_upload_bytes: int = Field(default=4 * 1024**3, description="Largest resumable upload.")
    upload_folder: Path | None = Field(
        default=None, description="Uploads in flight; unset: RTV_HOME/uploads."
    )
    upload_days: int = Field(default=14, description="An upload not finished by then is forgotten.")
    session_hours: float = Field(default=14.0, description="How long an operator stays signed in.")
    sign_in_tries_per_minute: int = Field(
        default=6, description="Tries of one operator or address before a wait."
    )


class DashboardSettings(Group):
    """The Streamlit dashboard."""

    host: str = Field(default="127.0.0.1", description="Address the dashboard listens on.")
    port: int = Field(default=7481, description="Port of the dashboard.")
    password: SecretStr | None = Field(default=None, description="Sign-in of the first administrator.")
    user: str = Field(default="admin", description="Name of the first administrator.")
    session_secret: SecretStr | None = Field(default=None, description="Signs cookies and film links.")
    reporting_timezone: str = Field(default="Asia/Kolkata", description="Zone in which pages show times.")


class AirflowSettings(Group):
    """Airflow's own ports and reach."""

    host: str = Field(default="127.0.0.1", description="Address of Airflow's api-server.")
    port: int = Field(default=7482, description="Port of Airflow's api-server.")
    parallelism: int = Field(default=4, description="Tasks run at once by the local executor.")


class EvidenceSettings(Group):
    """Footage and clips."""

    footage_folder: Path | None = Field(default=None, description="Films to index; unset: RTV_HOME/footage.")
    margin_seconds: float = Field(default=5.0, description="Film kept before and after a window.")
    retention_days: int = Field(default=400, description="How long evidence is locked in the store.")
    clip_batch_size: int = Field(default=25, description="Clips cut by one mapped task.")


class SealSettings(Group):
    """The hub's signing key."""

    key_file: Path | None = Field(
        default=None, description="Ed25519 private key (PEM); unset: RTV_HOME/keys/seal.pem."
    )
    origin: str = Field(default="rtv-hub.local/log", description="Name of the log in its checkpoints.")


class OutboundSettings(Group):
    """Messages and documents sent out."""

    webhook_url: str | None = Field(
        default=None, description="Receiver of signed webhooks; unset: nothing is sent."
    )
    webhook_secret: SecretStr | None = Field(default=None, description="Standard Webhooks secret (whsec_…).")
    receiver_port: int = Field(default=7483, description="Port of the demo's own webhook receiver.")
    timeout_seconds: float = Field(default=10.0, description="Longest one attempt may take.")
    max_attempts: int = Field(default=12, description="Attempts before a message is parked.")
    erp_kind: Literal["none", "tryton"] = Field(
        default="none", description="ERP that credit notes are posted to."
    )
    erp_url: str | None = Field(default=None, description="Address of the ERP.")
    erp_database: str | None = Field(default=None, description="Database of the ERP.")
    erp_user: str | None = Field(default=None, description="User of the ERP.")
    erp_password: SecretStr | None = Field(default=None, description="Password of the ERP user.")


class HookSettings(Group):
    """One sender that pushes its messages to `POST /v1/hooks/<name>`."""

    tenant_code: str = Field(default="default", description="Tenant whose messages these are.")
    proof: Literal["standard", "hmac_sha256", "token"] = Field(description="How the sender proves itself.")
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
        for secret in self.secrets if self.proof == "standard" else ():
            base64.b64decode(secret.get_secret_value().removeprefix("whsec_"), validate=True)
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


class LogSettings(Group):
    """Logs."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe line written."
    )
    format: Literal["json", "text"] = Field(default="json", description="json: one object a line.")
    run_id: str | None = Field(default=None, description="Joins the lines of one run; unset: generated.")


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Field(default=Path(".rtv"), description="Folder everything local lives in.")
    warehouse: WarehouseSettings = WarehouseSettings()
    store: StoreSettings = StoreSettings()
    intake: IntakeSettings = IntakeSettings()
    s3_in: S3InSettings = S3InSettings()
    sftp_in: SftpInSettings = SftpInSettings()
    mail_in: MailInSettings = MailInSettings()
    api: ApiSettings = ApiSettings()
    dashboard: DashboardSettings = DashboardSettings()
    airflow: AirflowSettings = AirflowSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    seal: SealSettings = SealSettings()
    outbound: OutboundSettings = OutboundSettings()
    inbound: InboundSettings = InboundSettings()
    log: LogSettings = LogSettings()

    @property
    def home_folder(self) -> Path:
        """`RTV_HOME`, absolute."""
        return self.home.expanduser().resolve()

    @property
    def drop_folder(self) -> Path:
        """Drop folder, absolute."""
        return (self.intake.drop_folder or self.home_folder / "drop").resolve()

    @property
    def store_folder(self) -> Path:
        """Folder of the local object store, absolute."""
        return (self.store.folder or self.home_folder / "store").resolve()

    @property
    def footage_folder(self) -> Path:
        """Folder of films, absolute."""
        return (self.evidence.footage_folder or self.home_folder / "footage").resolve()

    @property
    def upload_folder(self) -> Path:
        """Uploads in flight, absolute."""
        return (self.api.upload_folder or self.home_folder / "uploads").resolve()

    @property
    def seal_key_file(self) -> Path:
        """Private signing key, absolute."""
        return (self.seal.key_file or self.home_folder / "keys" / "seal.pem").resolve()

    @property
    def known_hosts_file(self) -> Path:
        """Host keys of SFTP servers that are trusted, absolute."""
        return (self.sftp_in.known_hosts_file or self.home_folder / "keys" / "known_hosts").resolve()

    def warehouse_dsn(self) -> str:
        """The warehouse's address; `ConfigurationError` when neither set nor started."""
        if self.warehouse.dsn is None:
            raise ConfigurationError(
                "No warehouse address is set",
                remedy="Set RTV_WAREHOUSE__DSN, or use the rtv command, which starts the embedded Postgres.",
                code="WAREHOUSE_UNSET",
            )
        return self.warehouse.dsn.get_secret_value()


def known_variables() -> dict[str, str]:
    """Every environment variable the hub reads, with what it means."""
    found = {"RTV_HOME": Settings.model_fields["home"].description or ""}
    for group_name, group in Settings.model_fields.items():
        annotation = group.annotation
        if isinstance(annotation, type) and issubclass(annotation, Group):
            for field_name, field in annotation.model_fields.items():
                found[f"{PREFIX}{group_name}__{field_name}".upper()] = field.description or ""
    return found


LOCAL_FILE = "local.env"


def local_file(home: Path) -> Path:
    """The file of a home that holds what was generated for it: ports, secrets, addresses.

    The environment wins over it. The local supervisor writes it, with mode 0600.
    """
    return home.expanduser().resolve() / LOCAL_FILE


def _refuse_strangers(environment: dict[str, str]) -> None:
    known = known_variables()
    strangers = sorted(
        name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    if strangers:
        raise ConfigurationError(
            f"Unknown settings in the environment: {', '.join(strangers)}",
            remedy="Correct or unset them; `rtv doctor --settings` lists the known ones.",
            code="SETTING_UNKNOWN",
            names=strangers,
        )


def read_settings() -> Settings:
    """Read the environment afresh; `ConfigurationError` names what is wrong with it."""
    _refuse_strangers(dict(os.environ))
    generated = local_file(Path(os.environ.get("RTV_HOME", ".rtv")))
    try:
        # pydantic-settings takes the file as an argument that its own signature hides.
        return Settings(_env_file=generated if generated.exists() else None)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(
            f"{name}: {first['msg']}",
            remedy="Correct the value, or unset it for the default.",
            code="SETTING_INVALID",
        ) from error


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Entry points only: everything below is handed what it needs."""
    return read_settings()
