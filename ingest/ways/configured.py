"""The ways in that the settings name."""

from __future__ import annotations

from ingest.ways.parcels import WayIn
from rtv_core.settings import Settings


def ways_in(settings: Settings) -> list[WayIn]:
    """Every door that is set, in a fixed order; what it is made of is only imported when it is used."""
    max_bytes = settings.intake.max_file_bytes
    found: list[WayIn] = []
    if settings.s3_in.bucket:
        from ingest.ways.s3_prefix import S3Prefix

        found.append(S3Prefix(settings.s3_in, max_bytes=max_bytes))
    if settings.sftp_in.host:
        from ingest.ways.sftp_folder import SftpFolder

        found.append(SftpFolder(settings.sftp_in, settings.known_hosts_file, max_bytes=max_bytes))
    if settings.mail_in.host:
        from ingest.ways.mailbox import Mailbox

        found.append(Mailbox(settings.mail_in))
    return found
