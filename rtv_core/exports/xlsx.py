"""XLSX for people: identifiers stay text, dates are dates, money is a number, a sheet explains it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from rtv_core.errors import InvalidInput
from rtv_core.exports.cells import MINOR_SUFFIX, MINOR_UNITS, in_zone, is_formula_like, plain
from rtv_core.warehouse.marts.export import MartColumn

MAX_ROWS = 1_048_575
MAX_CELL_CHARACTERS = 32_767
SAFE_INTEGER = 10**15  # Excel keeps 15 digits


def heading_of(column: MartColumn) -> str:
    """The heading of a column: money in minor units is shown in major ones, under its shorter name."""
    return column.column_name.removesuffix(MINOR_SUFFIX)


class XlsxSheet:
    """Writes one mart and its dictionary."""

    def __init__(self, path: Path, mart: str, columns: Sequence[MartColumn], zone: ZoneInfo) -> None:
        self.columns = columns
        self.zone = zone
        self.mart = mart
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        add = self.book.add_format
        self.formats = {
            "head": add({"bold": True, "bg_color": "#10222B", "font_color": "#FFFFFF", "valign": "vcenter"}),
            "text": add({"num_format": "@"}),
            "inert": add({"num_format": "@", "quote_prefix": True}),
            "money": add({"num_format": "#,##0.00"}),
            "date": add({"num_format": "yyyy-mm-dd"}),
            "time": add({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "wrap": add({"text_wrap": True, "valign": "top"}),
        }

    def write(self, batches: Iterable[Sequence[Sequence[Any]]]) -> int:
        """Write everything and close the file; how many rows it holds."""
        sheet = self.book.add_worksheet(self.mart[:31])
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(self.columns):
            sheet.set_column(position, position, min(max(len(column.column_name) + 3, 12), 34))
            sheet.write_string(0, position, heading_of(column), self.formats["head"])
        count = 0
        for batch in batches:
            for row in batch:
                count += 1
                if count > MAX_ROWS:
                    raise InvalidInput(
                        f"{self.mart} has more rows than a sheet holds ({MAX_ROWS:,})",
                        remedy="Filter it, or export to .csv or .parquet.",
                        code="EXPORT_TOO_LONG",
                    )
                self._write_row(sheet, count, row)
        if count:
            sheet.autofilter(0, 0, count, len(self.columns) - 1)
        self._write_dictionary(count)
        self.book.close()
        return count

    def _write_row(self, sheet: Any, row_no: int, row: Sequence[Any]) -> None:
        for position, (column, raw) in enumerate(zip(self.columns, row, strict=True)):
            value = plain(raw)
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(row_no, position, value)
            elif isinstance(value, datetime):
                sheet.write_datetime(row_no, position, in_zone(value, self.zone), self.formats["time"])
            elif isinstance(value, date):
                sheet.write_datetime(row_no, position, value, self.formats["date"])
            elif isinstance(value, int | float | Decimal):
                self._write_number(sheet, row_no, position, column, value)
            else:
                self._write_text(sheet, row_no, position, str(value))

    def _write_number(
        self, sheet: Any, row_no: int, position: int, column: MartColumn, value: int | float | Decimal
    ) -> None:
        if column.column_name.endswith(MINOR_SUFFIX):
            sheet.write_number(row_no, position, Decimal(value) / MINOR_UNITS, self.formats["money"])
        elif abs(Decimal(value)) >= SAFE_INTEGER:
            self._write_text(sheet, row_no, position, str(value))
        else:
            sheet.write_number(row_no, position, value)

    def _write_text(self, sheet: Any, row_no: int, position: int, text: str) -> None:
        style = self.formats["inert" if is_formula_like(text) else "text"]
        sheet.write_string(row_no, position, text[:MAX_CELL_CHARACTERS], style)

    def _write_dictionary(self, count: int) -> None:
        sheet = self.book.add_worksheet("dictionary")
        for position, (heading, width) in enumerate(
            (("column", 28), ("in the mart", 28), ("type", 22), ("meaning", 90))
        ):
            sheet.set_column(position, position, width)
            sheet.write_string(0, position, heading, self.formats["head"])
        for row_no, column in enumerate(self.columns, start=1):
            cells = (heading_of(column), column.column_name, column.data_type, self._meaning(column))
            for position, text in enumerate(cells):
                sheet.write_string(row_no, position, text, self.formats["wrap"])
        note = (
            f"{count} rows of marts.{self.mart}. Times in {self.zone.key}. Identifiers are "
            "text: leading zeros stay."
        )
        sheet.write_string(len(self.columns) + 2, 0, note)

    def _meaning(self, column: MartColumn) -> str:
        meaning = column.description or ""
        if column.column_name.endswith(MINOR_SUFFIX):
            meaning = f"{meaning} (shown in the currency's major unit: the mart's value ÷ 100)".strip()
        return meaning
