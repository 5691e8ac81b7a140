"""A Tally register laid flat: a voucher's row heads the rows of its items, which leave its cells blank."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.table import Batch, Cell, Table, batch_of, normal_form

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
_ITEMS = ("item_name", "name_of_item", "stock_item", "item", "stock_item_name")


def filled_down(table: Table) -> Table:
    """The register with each item's voucher beside it; a voucher's own row goes where its items follow."""
    return Table(table.sheet_name, table.header, table.header_row_no, lambda: _batches(table))


def _batches(table: Table) -> Iterator[Batch]:
    forms = [normal_form(name) for name in table.header]
    items = [place for place, form in enumerate(forms) if form in _ITEMS]
    of_voucher = [place for place, form in enumerate(forms) if form in _OF_VOUCHER]
    numbers = [place for place, form in enumerate(forms) if form in _NUMBERS]
    current: list[Cell] = []
    for batch in table.batches():
        rows: list[tuple[int, list[Cell]]] = []
        for place, row_no in enumerate(batch.row_nos):
            cells = [column[place] for column in batch.columns]
            if any(cells[number] for number in numbers):
                current = cells
                if not any(cells[item] for item in items):
                    continue
            elif current and any(cells[item] for item in items):
                for column in of_voucher:
                    cells[column] = cells[column] or current[column]
            rows.append((row_no, cells))
        yield batch_of(table.header, rows, batch.broken)
