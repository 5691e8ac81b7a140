"""What a tenant has said about files: settings of its sources, and the mappings in force on a day."""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.mapping.recorded import RecordedMapping, recorded_mapping
from ingest.recognition import default_settings, unknowable_of
from ingest.sources.base import SourceSettings
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.inbox_store import source_settings
from rtv_core.warehouse.mapping_store import mappings_on, sources_of_mended

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


def unknowable_in(connection: Connection, file_id: int, way_in: str, contract_name: str) -> frozenset[str]:
    """What a mended row may still leave empty: what none of the sources its file's rows came by states."""
    if way_in not in _OWN_WAYS:
        return frozenset()
    came_by = [
        unknowable_of(row["source_name"], contract_name, row["columns"])
        for row in sources_of_mended(connection, file_id)
    ]
    return frozenset.intersection(*came_by) if came_by else frozenset()
