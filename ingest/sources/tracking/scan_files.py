"""Files of scans whose columns name waybill, time and status, of carriers without payloads of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from ingest.readers.table import Cell, Table, normal_form
from ingest.sources.base import Recognition
from ingest.sources.contract_files import is_of_a_contract
from ingest.sources.reports import Report, Row, Target, find_report, first_filled, parts_of
from ingest.sources.tracking.events import listed
from ingest.sources.tracking.moments import joined, moment
from ingest.sources.tracking.statuses import UNKNOWN, Meaning, code_form, is_listed, meaning, table_of
from ingest.sources.tracking.wording import meaning_of_words

# Columns of goods: such a file is a report of returns that names a waybill, no file of scans.
_OF_GOODS = {
    "sku",
    "fsn",
    "asin",
    "quantity",
    "qty",
    "return_id",
    "suborder_number",
    "sub_order_no",
    "hsn_code",
}


@lru_cache(maxsize=10_000)
def told(carrier: str | None, code: str | None, text: str | None) -> Meaning:
    """What a carrier's code means; without a code of its table, what its words mean."""
    table = table_of(carrier)
    if table and code:
        return meaning(table, (code, f"*/{code}", *_padded(table, code)))
    if table and text and is_listed(table, text):
        return meaning(table, (text,))
    return meaning_of_words(text)


def _padded(table: str, code: str) -> list[str]:
    """A number that a spreadsheet took the leading zeros of, where only one code of the table fits it."""
    wider = {code.zfill(width) for width in range(2, 5)} - {code} if code.isdigit() else set()
    found = [padded for padded in wider if is_listed(table, padded)]
    return found if len(found) == 1 else []


def _told(row: Row) -> Meaning:
    return told(row.get("carrier"), _code(row), _text(row))


def _code(row: Row) -> Cell:
    kind, code = row.get("kind"), row.get("code")
    table = table_of(row.get("carrier"))
    exact = f"{kind}/{code}" if table == "delhivery" else f"{code}/{kind}"
    return exact if table and kind and code and is_listed(table, exact) else code


def _text(row: Row) -> Cell:
    return row.get("text") or row.get("words")


def _leg(row: Row) -> Cell:
    return (row.get("leg") or "").lower() or _told(row).leg


def _at(row: Row) -> Cell:
    return moment(row.get("at") or joined(row.get("day"), row.get("clock")) or row.get("clock"))


SCANS = Report(
    "scans of a carrier",
    {
        "carrier": (
            "carrier", "courier", "courier_name", "carrier_name", "transporter", "transporter_code",
            "transporter_name", "courier_partner", "lsp", "slug",
        ),
        "awb": (
            "awb", "awb_no", "awb_number", "waybill", "waybill_no", "waybill_number", "tracking_number",
            "tracking_no", "lr_no", "lr_number", "docket_no", "docket_number", "consignment_no", "cn_no",
        ),
        "at": (
            "event_at", "scan_datetime", "scan_date_time", "status_datetime", "status_date_time", "timestamp",
            "date_time", "datetime", "checkpoint_time", "scanned_at", "event_datetime", "event_timestamp",
        ),
        "day": ("scan_date", "status_date", "event_date", "activity_date", "date"),
        "clock": ("scan_time", "status_time", "event_time", "activity_time", "time"),
        "code": ("status_code", "scan_code", "event_code", "nsl_code", "code", "reason_code"),
        "kind": ("status_type", "scan_type", "scan_group_type", "scan_group"),
        "text": ("status", "scan", "scan_status", "event", "activity", "status_text", "shipment_status"),
        "words": ("description", "status_description", "event_description", "scan_description", "details"),
        "place": ("location", "place", "scanned_location", "scan_location", "hub", "branch", "facility"),
        "city": ("city", "scan_city", "station"),
        "leg": ("leg", "direction"),
        "cartons": ("cartons", "boxes", "pieces", "pcs", "packages", "no_of_boxes"),
        "weight": ("weight_kg", "weight"),
        "remark": ("remark", "remarks", "pod_remark", "pod_remarks"),
        "signed_by": ("signed_by", "received_by", "receiver", "receiver_name"),
        "reference": ("reference_no", "reference", "ref_no", "order_no", "order_number", "order_id"),
    },
    (
        Target(
            "transporter_events",
            {
                "transporter_code": "carrier",
                "awb_no": "awb",
                "reference_no": "reference",
                "event_at": _at,
                "leg": _leg,
                "status": lambda row: _told(row).status,
                "reason": lambda row: _told(row).reason,
                "responsible": lambda row: _told(row).responsible,
                "place": first_filled("place", "city"),
                "cartons": "cartons",
                "weight_kg": "weight",
                "raw_code": _code,
                "raw_text": _text,
                "remark": "remark",
                "signed_by": "signed_by",
            },
        ),
    ),
    optional=frozenset(
        {
            "carrier", "at", "day", "clock", "code", "kind", "text", "words", "place", "city", "leg",
            "cartons", "weight", "remark", "signed_by", "reference",
        }
    ),
)  # fmt: skip


def recognise_scans(source_name: str, file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A table of scans; none when it is another's."""
    header = {normal_form(name) for name in table.header}
    if header & _OF_GOODS or is_of_a_contract(file_name, table.header):
        return []
    found = find_report((SCANS,), file_name, table)
    if found is None or not _says_what_and_when(found[1].values()):
        return []
    parts = parts_of(source_name, *found, table)
    return [
        (part, replace(how, findings=(*how.findings, *_unknown_findings(found[1], table))))
        for part, how in parts
    ]


def _says_what_and_when(roles: Iterable[str]) -> bool:
    there = set(roles)
    return bool(there & {"at", "day", "clock"}) and bool(there & {"text", "words", "code"})


def _unknown_findings(columns: dict[str, str], table: Table) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    for batch in table.batches():
        played = {
            columns[name]: values
            for name, values in zip(batch.header, batch.columns, strict=True)
            if name in columns
        }
        for place in range(len(batch.row_nos)):
            row = {role: (values[place] or "").strip() or None for role, values in played.items()}
            if _told(row).status == UNKNOWN and not _is_listed(row):
                counts[f"{row.get('carrier') or 'a carrier'} {_code(row) or _text(row) or 'blank'}"] += 1
    if not counts:
        return ()
    return (f"stays unknown, no table or rule has its words: {listed(counts)}; say what it means",)


def _is_listed(row: Row) -> bool:
    table, code = table_of(row.get("carrier")), _code(row) or _text(row)
    return bool(table and code and (is_listed(table, code_form(code)) or is_listed(table, f"*/{code}")))
