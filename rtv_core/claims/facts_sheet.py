"""The facts of a claim as a workbook: identifiers as text, money as numbers, the same bytes on repeat."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

LINE_COLUMNS = (
    ("rule_code", "Rule", "text"),
    ("sku_code", "SKU", "text"),
    ("batch_no", "Batch", "text"),
    ("expected_qty", "Expected units", "integer"),
    ("observed_qty", "Observed units", "integer"),
    ("claimed_qty", "Claimed units", "integer"),
    ("claimed_minor", "Claimed value", "money"),
    ("awb_no", "AWB", "text"),
    ("liable_role", "Liable", "text"),
    ("liability_reason", "Why", "text"),
    ("confidence", "Confidence", "text"),
    ("discrepancy_key", "Discrepancy key", "text"),
)
_HEAD = (
    "claim_no",
    "platform_code",
    "rtv_no",
    "transporter_code",
    "awb_no",
    "claim_reason",
    "claimed",
    "due_at",
)
CLIP_COLUMNS = ("file", "camera_code", "capture_id", "window_start_at", "window_end_at", "cut_mode", "sha256")
FILM_COLUMNS = ("capture_id", "question", "answer", "reason", "sha256")
DOCUMENT_COLUMNS = ("document_type", "document_no", "document_on", "uri", "sha256")


def facts_sheet(facts: dict[str, Any], made_at: datetime) -> bytes:
    """The workbook of one facts document; `made_at` is the only time in it."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {"title": facts["claim_no"], "author": "RTV Hub", "created": made_at.replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "integer": book.add_format({"num_format": "0"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    _write_claim(book.add_worksheet("Claim"), facts, bold, formats["text"])
    _write_lines(book.add_worksheet("Lines"), facts, bold, formats)
    _write_records(book.add_worksheet("Clips"), CLIP_COLUMNS, facts["clips"], bold, formats["text"])
    _write_records(book.add_worksheet("Films"), FILM_COLUMNS, _answers(facts["films"]), bold, formats["text"])
    _write_records(
        book.add_worksheet("Documents"), DOCUMENT_COLUMNS, facts["documents"], bold, formats["text"]
    )
    book.close()
    return sink.getvalue()


def _write_claim(sheet: Any, facts: dict[str, Any], bold: Any, text: Any) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 60)
    for row, (name, value) in enumerate(
        [("party", facts["party"]["party_name"]), *((n, facts[n]) for n in _HEAD)]
    ):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, "" if value is None else str(value), text)


def _write_lines(sheet: Any, facts: dict[str, Any], bold: Any, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for column, (_, title, kind) in enumerate(LINE_COLUMNS):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, 16, formats[kind])
    for row, line in enumerate(facts["lines"], 1):
        for column, (name, _, kind) in enumerate(LINE_COLUMNS):
            value = line.get(name, line["facts"].get(name))
            if value is None:
                continue
            if kind == "text":
                sheet.write_string(row, column, str(value), formats[kind])
            else:
                sheet.write_number(row, column, value / 100 if kind == "money" else value, formats[kind])


def _write_records(
    sheet: Any, columns: tuple[str, ...], records: list[dict[str, Any]], bold: Any, text: Any
) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, 24, text)
        sheet.write_string(0, column, name, bold)
        for row, record in enumerate(records, 1):
            value = record.get(name)
            sheet.write_string(row, column, "" if value is None else str(value), text)


def _answers(films: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each question to a film, and for each code on which scanner and film do not agree."""
    rows = []
    for film in films:
        named = {"capture_id": film["capture_id"], "sha256": film["sha256"]}
        rows += [
            {**named, "question": name, **answer} for name, answer in film.items() if isinstance(answer, dict)
        ]
        rows += [
            {**named, "question": code["code_text"], "answer": code["sighting"]}
            for code in film["codes"]
            if code["sighting"] != "agreed"
        ]
    return rows
