"""The only reader of the environment: typed, nested as RTV_<GROUP>__<FIELD>, refuses strangers.

`RTV_HOME` is the one exception: the folder everything local lives in (default `.rtv/`).
Secrets have no defaults; the local supervisor generates them once and hands them on.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rtv_core.errors import ConfigurationError
from rtv_core.partner_settings import (
    Group,
    InboundSettings,
    MailInSettings,
    S3InSettings,
    SftpInSettings,
)

PREFIX = "RTV_"


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
    connections: int = Field(
        default=16, ge=1, description="Requests worked on at once, each with a connection to the warehouse."
    )
    key_calls_per_minute: int = Field(
        default=12_000, ge=1, description="Calls of one API key or hook; ten seconds' worth may come at once."
    )
    station_calls_per_minute: int = Field(
        default=1_200, ge=1, description="Calls of one station; ten seconds' worth may come at once."
    )
    requests_at_once: int = Field(
        default=32, ge=1, description="Requests waiting or worked on, uploads apart; the next one gets 429."
    )
    uploads_at_once: int = Field(default=128, ge=1, description="Uploads being sent; the next one gets 429.")
    idle_seconds: float = Field(
        default=30.0, gt=0, description="A request whose bytes stop coming for so long is given up."
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
    witnesses: list[str] = Field(
        default=[], description="Verifier keys of counterparties that may cosign checkpoints, as JSON list."
    )


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
