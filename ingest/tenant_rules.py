"""What a tenant has said about files: settings of its sources, and the mappings in force on a day."""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.mapping.recorded import RecordedMapping, recorded_mapping
from ingest.recognition import default_settings
from ingest.sources.base import SourceSettings
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.inbox_store import source_settings
from rtv_core.warehouse.mapping_store import mappings_on

# Files the hub writes itself, in canonical columns: no partner's mapping is meant for them.
_OWN_WAYS = ("mend", "replay")


def settings_of(connection: Connection, tenant_code: str, source_name: str) -> SourceSettings:
    """A source's assumptions, with what the tenant has set over them."""
    return {**default_settings(source_name), **source_settings(connection, tenant_code, source_name)}


def mappings_for(
    connection: Connection, tenant_code: str, received_at: datetime, way_in: str
) -> tuple[RecordedMapping, ...]:
    """The mappings in force on the day (UTC) a file was received."""
    if way_in in _OWN_WAYS:
        return ()
    rows = mappings_on(connection, tenant_code, received_at.astimezone(UTC).date())
    return tuple(recorded_mapping(row) for row in rows)
