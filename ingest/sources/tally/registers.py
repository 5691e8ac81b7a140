"""A Tally register laid flat: a voucher's row heads the rows of its items, which leave its cells blank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from ingest.readers.table import Batch, Cell, Table, batch_of, normal_form
from ingest.sources.amounts import plain_number

# Cells of a voucher that its item rows leave blank, by the normal form of their headers.
_OF_VOUCHER = frozenset(
    {
        "date",
        "particulars",
        "buyer",
        "party",
        "party_name",
        "consignee",
        "vch_type",
        "voucher_type",
        "vch_no",
        "voucher_no",
        "voucher_ref_no",
        "voucher_number",
        "invoice_no",
        "order_no",
        "order_no_date",
        "buyer_order_no",
        "ref_no",
        "reference_no",
        "original_invoice_no",
        "narration",
        "gstin_uin",
    }
)
_NUMBERS = ("vch_no", "voucher_no", "voucher_number", "invoice_no")
_VALUES = ("value", "amount", "taxable_value")
# A register has a column for each tax and rate, as in "Output CGST 9%".
_TAX = re.compile(r"(^|_)(c|s|i|ut)gst(_|$)|^(central|state|integrated)_tax|^(tax|gst)_amount$")
_PAISA, _TENTH = Decimal("0.01"), Decimal("0.1")
_ITEMS = ("item_name", "name_of_item", "stock_item", "item", "stock_item_name")


LINE_TAX, LINE_TAX_PERCENT = "line_tax", "line_tax_percent"


def filled_down(table: Table) -> Table:
    """The register with each item's voucher and taxes beside it; a voucher's own row goes where items follow.

    Taxes that stand on the voucher only are dealt to its items by their values.
    """
    header = (*table.header, LINE_TAX, LINE_TAX_PERCENT)
    return Table(table.sheet_name, header, table.header_row_no, lambda: _batches(table, header))


class _Layout:
    """Where the columns of a register stand."""

    def __init__(self, header: tuple[str, ...]) -> None:
        forms = [normal_form(name) for name in header]
        self.items = [place for place, form in enumerate(forms) if form in _ITEMS]
        self.of_voucher = [place for place, form in enumerate(forms) if form in _OF_VOUCHER]
        self.numbers = [place for place, form in enumerate(forms) if form in _NUMBERS]
        self.taxes = [place for place, form in enumerate(forms) if _TAX.search(form)]
        self.values = [place for place, form in enumerate(forms) if form in _VALUES]

    def tax(self, cells: list[Cell]) -> Decimal | None:
        """The taxes of a row; None where it states none."""
        found = [number for place in self.taxes if (number := plain_number(cells[place])) is not None]
        return abs(sum(found, Decimal(0))) if found else None

    def value(self, cells: list[Cell]) -> Decimal | None:
        """The value of a row without taxes."""
        found = plain_number(cells[self.values[0]]) if self.values else None
        return None if found is None else abs(found)

    def percent(self, cells: list[Cell]) -> Decimal | None:
        """What the taxes of a row are of its value, to a tenth of a percent."""
        tax, value = self.tax(cells), self.value(cells)
        return None if tax is None or not value else (tax * 100 / value).quantize(_TENTH, ROUND_HALF_UP)


def _batches(table: Table, header: tuple[str, ...]) -> Iterator[Batch]:
    layout = _Layout(table.header)
    current: list[Cell] = []
    for batch in table.batches():
        rows: list[tuple[int, list[Cell]]] = []
        for place, row_no in enumerate(batch.row_nos):
            cells = [column[place] for column in batch.columns]
            has_item = any(cells[item] for item in layout.items)
            if any(cells[number] for number in layout.numbers):
                current = cells
                if not has_item:
                    continue
            elif current and has_item:
                for column in layout.of_voucher:
                    cells[column] = cells[column] or current[column]
            # A voucher's row that is itself a line says nothing of the taxes of other lines.
            head = [] if any(current[item] for item in layout.items if current) else current
            rows.append((row_no, [*cells, *_taxes(layout, cells, head)]))
        yield batch_of(header, rows, batch.broken)


def _taxes(layout: _Layout, cells: list[Cell], voucher: list[Cell]) -> tuple[Cell, Cell]:
    """A line's tax and its percent: its own, else a share of the voucher's, where a column states any."""
    tax, percent = layout.tax(cells), layout.percent(cells)
    if tax is None and voucher and (shared := layout.percent(voucher)) is not None:
        value = layout.value(cells)
        tax = None if value is None else (value * shared / 100).quantize(_PAISA, ROUND_HALF_UP)
        percent = shared
    if tax is None and layout.taxes:
        tax, percent = Decimal(0), Decimal(0)
    return (
        None if tax is None else format(tax, "f"),
        None if percent is None else format(percent.normalize(), "f"),
    )
