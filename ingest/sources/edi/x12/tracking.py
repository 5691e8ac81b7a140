"""214 as rows of transporter events."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.segments import Segment
from ingest.sources.edi.statuses import X12_APPOINTMENTS, X12_REASONS, X12_STATUSES
from ingest.sources.edi.values import MappedRow, x12_moment
from ingest.sources.edi.x12.head import find


def tracking(transaction: Transaction) -> Iterator[MappedRow]:
    """214: what happened to a consignment; one row an AT7."""
    begin = find(transaction, "B10")
    told: list[tuple[Segment, str | None]] = []
    for segment in transaction.segments:
        if segment.tag == "AT7":
            told.append((segment, None))
        elif segment.tag == "MS1" and told:
            place = ", ".join(filter(None, (segment.get(1), segment.get(2), segment.get(3))))
            told[-1] = (told[-1][0], place or None)
    for event, where in told:
        status, appointment = event.get(1), event.get(3)
        code, reason = status or appointment, event.get(2) or event.get(4)
        known = X12_STATUSES.get(status) if status else X12_APPOINTMENTS.get(appointment)
        yield MappedRow(
            "transporter_events",
            event.segment_no,
            {
                "transporter_code": begin.get(3) or transaction.sender or None,
                "awb_no": begin.get(1) or begin.get(2),
                "reference_no": begin.get(2) or None,
                "event_at": x12_moment(event.get(5), event.get(6), event.get(7)),
                "status": known or "unknown",
                "reason": X12_REASONS.get(reason),
                "place": where,
                "raw_code": f"{code}/{reason}" if reason else code,
            },
        )
