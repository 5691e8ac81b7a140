"""Recognises Amazon's reports by their columns, whatever they are called this year.

Sources: the attribute lists of the selling partner documentation, open connectors, seller help pages.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Table
from ingest.sources.amazon.money import REIMBURSEMENTS, RETURNS, SETTLEMENT
from ingest.sources.amazon.removals import ORDERS, SHIPMENTS
from ingest.sources.amazon.stock import CUSTOMER_RETURNS, LEDGER_DETAIL, LEDGER_SUMMARY
from ingest.sources.amazon.values import NAME, UNSTATED
from ingest.sources.amazon.vendor import VENDOR_RETURNS
from ingest.sources.base import Recognition
from ingest.sources.reports import find_report, parts_of

UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": UNSTATED}
REPORTS = (
    SHIPMENTS,
    ORDERS,
    CUSTOMER_RETURNS,
    REIMBURSEMENTS,
    LEDGER_DETAIL,
    LEDGER_SUMMARY,
    RETURNS,
    SETTLEMENT,
    VENDOR_RETURNS,
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """The parts of one of Amazon's reports; none when the columns are those of no report.

    Raises `InvalidInput` when the report holds no rows that are read.
    """
    found = find_report(REPORTS, file_name, table)
    return parts_of(NAME, *found, table) if found else []
