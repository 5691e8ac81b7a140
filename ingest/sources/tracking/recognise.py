"""Recognises payloads of carriers and aggregators by their own names, and files of scans by their columns."""

from __future__ import annotations

from ingest.readers.table import Table
from ingest.sources.base import Recognition
from ingest.sources.tracking.events import HEADER, as_events, could_be_payloads, senders, unknown_findings
from ingest.sources.tracking.scan_files import recognise_scans

NAME = "tracking"
_BY_SCAN = "a row is a scan, numbered through the file; payload_no says which payload it stood in"


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """Payloads or scans as transporter events; none when the table is another's."""
    found = senders(table) if could_be_payloads(table.header) else []
    if not found:
        return recognise_scans(NAME, file_name, table)
    recognition = Recognition(
        NAME,
        "transporter_events",
        f"its payloads are those of {', '.join(found)}",
        {name: name for name in HEADER if name not in ("time_as_written", "payload_no", "scan")},
        findings=(_BY_SCAN, *unknown_findings(table)),
    )
    return [(as_events(table), recognition)]
