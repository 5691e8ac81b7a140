"""Amazon's eight reports, with the columns of each year, as rows of the contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.open import open_document
from ingest.recognition import recognise
from rtv_core.errors import InvalidInput
from tests.unit.ingest.sources.reported import reported, written

SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples" / "amazon"
ORDERS = (
    "request-date|order-id|order-type|service-speed|order-status|last-updated-date|sku|fnsku|disposition|"
    "requested-quantity|cancelled-quantity|disposed-quantity|shipped-quantity|in-process-quantity|"
    "removal-fee|currency"
)
ORDER_ROWS = (
    "2026-10-01T10:00:00+00:00|RO1|Return|Standard|Completed|2026-10-09T10:00:00+00:00|A|X1|Sellable|10|2|"
    "1|7|0|5.00|INR",
    "2026-10-01T10:00:00+00:00|RO2|Disposal|Standard|Completed|2026-10-09T10:00:00+00:00|A|X1|Defective|4|"
    "0|4|0|0|5.00|INR",
    "2026-10-01T10:00:00+00:00|RO3|Return|Standard|Cancelled|2026-10-09T10:00:00+00:00|B|X2|Sellable|3|3|"
    "0|0|0|0|INR",
)


def test_a_removal_order_is_a_return_of_what_is_neither_cancelled_nor_disposed_of(tmp_path: Path) -> None:
    told, refused = reported(written(tmp_path / "orders.txt", ORDERS, *ORDER_ROWS))
    assert refused == []
    (line,) = told["rtv_manifests"]
    assert (line["rtv_no"], line["qty"], line["platform_sku"], line["line_no"]) == (
        "RO1",
        "7",
        "A",
        "A/X1/Sellable",
    )
    assert "revision_no" not in line
    assert (line["platform_code"], line["ownership_model"]) == ("AMAZON", "own_stock")
    moves = [(row["reference_no"], row["movement_kind"], row["qty"]) for row in told["stock_movements"]]
    assert moves == [("RO2", "Disposal", "-4"), ("RO3", "Return", "0")]


def test_the_order_report_of_later_years_is_the_same_report(tmp_path: Path) -> None:
    header = ORDERS.replace("service-speed", "order-source")
    told, refused = reported(written(tmp_path / "orders.csv", header, *ORDER_ROWS, separator=","))
    assert (len(told["rtv_manifests"]), len(told["stock_movements"]), refused) == (1, 2, [])


def test_disposals_of_the_shipment_report_leave_the_stock_and_are_no_return(tmp_path: Path) -> None:
    header = (
        "request-date|order-id|shipment-date|sku|fnsku|disposition|shipped-quantity|carrier|tracking-number|"
        "removal-order-type"
    )
    rows = ("2026-10-01|RO1|2026-10-03|A|X1|Sellable|2|BlueDart|T1|Return",
            "2026-10-01|RO4|2026-10-03|A|X1|Defective|5|BlueDart|T2|Liquidations")  # fmt: skip
    told, refused = reported(written(tmp_path / "s.txt", header, *rows))
    assert (refused, [row["revision_no"] for row in told["rtv_manifests"]]) == ([], ["2"])
    (gone,) = told["stock_movements"]
    assert (gone["movement_kind"], gone["qty"], gone["node_code"]) == ("Liquidations", "-5", "AMAZON-FC")


def test_customer_returns_and_the_ledger_are_stock_movements(tmp_path: Path) -> None:
    header = (
        "return-date|order-id|sku|asin|fnsku|product-name|quantity|fulfillment-center-id|"
        "detailed-disposition|reason|"
        "status|license-plate-number|customer-comments"
    )
    row = "2026-10-05T08:00:00+00:00|O1|A|AS|X1|Cream|1|BLR7|CUSTOMER_DAMAGED|UNWANTED|Unit returned|LPN1|"
    "broken"
    told, refused = reported(written(tmp_path / "r.txt", header, row))
    (move,) = told["stock_movements"]
    assert refused == []
    assert (move["node_code"], move["movement_kind"], move["disposition"], move["reference_no"]) == (
        "BLR7",
        "customer_return",
        "CUSTOMER_DAMAGED",
        "LPN1",
    )


@pytest.mark.parametrize(
    "header",
    [
        "Date|FNSKU|ASIN|MSKU|Title|EventType|ReferenceID|Quantity|FulfillmentCenter|Disposition|Reason|"
        "Country|"
        "ReconciledQuantity|UnreconciledQuantity",
        "Date and Time|FNSKU|ASIN|MSKU|Title|Event Type|Reference ID|Quantity|Fulfillment Center|"
        "Disposition|Reason|"
        "Country|Reconciled Quantity|Unreconciled Quantity",
    ],
)
def test_two_equal_rows_of_the_ledger_are_two_movements(tmp_path: Path, header: str) -> None:
    row = "11/21/2026|X1|AS|A|Cream|VendorReturns|RO1|-2|BLR7|SELLABLE||IN|0|0"
    told, refused = reported(written(tmp_path / "ledger.csv", header, row, row, separator=","))
    assert refused == []
    assert [(move["moved_at"][:10], move["qty"]) for move in told["stock_movements"]] == [
        ("2026-11-21", "-2")
    ] * 2


def test_a_day_of_the_ledger_whose_movements_do_not_add_up_is_marked(tmp_path: Path) -> None:
    header = (
        "Date|FNSKU|ASIN|MSKU|Title|Disposition|StartingWarehouseBalance|InTransitBetweenWarehouses|Receipts|"
        "CustomerShipments|CustomerReturns|VendorReturns|WarehouseTransferIn/Out|Found|Lost|Damaged|Disposed|"
        "OtherEvents|EndingWarehouseBalance|UnknownEvents|Location"
    )
    day = "12/22/2026|X1|AS|A|Cream|SELLABLE|10|0|5|-3|1|-2|0|0|-1|0|0|0|{ending}|0|BLR7"
    rows = [day.format(ending=ending) for ending in (10, 9)]
    told, refused = reported(written(tmp_path / "summary.txt", header, *rows))
    assert refused == []
    assert [(row["movement_kind"], row["qty"]) for row in told["stock_movements"]] == [
        ("balance", "10"),
        ("balance_unexplained", "9"),
    ]


def test_reimbursements_settle_claims_and_those_taken_back_are_debits(tmp_path: Path) -> None:
    header = (
        "approval-date|reimbursement-id|case-id|amazon-order-id|reason|sku|fnsku|asin|product-name|condition|"
        "currency-unit|amount-per-unit|amount-total|quantity-reimbursed-cash|quantity-reimbursed-inventory|"
        "quantity-reimbursed-total|original-reimbursement-id|original-reimbursement-type"
    )
    rows = (
        "2026-10-05T08:00:00+00:00|R1|C1|O1|Lost_warehouse|A|X1|AS|Cream|Sellable|INR|100.00|200.00|2|0|2||",
        "2026-10-09T08:00:00+00:00|R2|C1|O1|Reversal|A|X1|AS|Cream|Sellable|INR|-100.00|-100.00|-1|0|-1|"
        "R1|Lost",
    )
    told, refused = reported(written(tmp_path / "reimbursements.txt", header, *rows))
    assert refused == []
    (outcome,), (debit,) = told["claim_outcomes"], told["debit_notes"]
    assert (outcome["claim_no"], outcome["status"], outcome["amount"], outcome["reference"]) == (
        "C1",
        "reimbursed",
        "200.00",
        "R1",
    )
    assert (debit["debit_note_no"], debit["qty"], debit["total_amount"], debit["debited_on"]) == (
        "R2",
        "1",
        "100.00",
        "2026-10-09",
    )


def test_a_returns_file_tells_safe_t_claims_from_returns(tmp_path: Path) -> None:
    header = (
        "Order ID|Order date|Return request date|Return request status|Amazon RMA ID|Merchant RMA ID|"
        "Label type|"
        "Label cost|Currency code|Return carrier|Tracking ID|Label to be paid by|A-to-Z Claim|Is prime|ASIN|"
        "Merchant SKU|Item Name|Return quantity|Return Reason|In policy|Return type|Resolution|"
        "Invoice number|"
        "Return delivery date|Order Amount|Order quantity|SafeT Action reason|SafeT claim id|"
        "SafeT claim state|"
        "SafeT claim creation time|SafeT claim reimbursement amount|Refunded Amount"
    )
    order = "O1|2026-10-01|2026-10-05|Approved|RMA1||L|0|INR|BlueDart|T1|Amazon|N|Y|AS|A|Cream|1"
    head = f"{order}|CR-DEFECTIVE|Y|C-Returns"
    rows = (
        f"{head}|Refund||2026-10-08|100|1||||||100",
        f"{head}|Refund||2026-10-08|100|1|x|ST1|Granted|2026-10-09T00:00:00Z|80|100",
    )
    told, refused = reported(written(tmp_path / "flat.txt", header, *rows))
    assert refused == []
    assert [(row["reference_no"], row["qty"]) for row in told["stock_movements"]] == [("RMA1", "1")]
    assert [(row["claim_no"], row["status"], row["amount"]) for row in told["claim_outcomes"]] == [
        ("ST1", "accepted", "80")
    ]


def test_of_a_settlement_only_deductions_are_read(tmp_path: Path) -> None:
    header = (
        "settlement-id|settlement-start-date|settlement-end-date|deposit-date|total-amount|currency|"
        "transaction-type|"
        "order-id|merchant-order-id|adjustment-id|shipment-id|posted-date|sku|quantity-purchased|other-amount"
    )
    rows = (
        "1|2026-10-01|2026-10-15|2026-10-17|900|INR|||||||||",
        "1||||||Order|O1||||2026-10-03|A|1|",
        "1||||||REVERSAL_REIMBURSEMENT|O1||AD1||2026-10-04|A|2|-150.00",
    )
    told, refused = reported(written(tmp_path / "settlement.txt", header, *rows))
    (debit,) = told["debit_notes"]
    assert refused == []
    assert (debit["debit_note_no"], debit["unit_value"], debit["total_amount"]) == (
        "1/AD1",
        "75.00",
        "150.00",
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of others lie in ../shared/samples/amazon")
def test_real_headers_are_recognised_each_as_its_own_report() -> None:
    told = {}
    for path in sorted(SAMPLES.glob("GET_*.csv")):
        try:
            found = recognise("any.csv", open_document(path, path.name))
        except InvalidInput as empty:
            # Some hold their header alone, or several times: they are named, and hold no rows.
            title = empty.fact.removeprefix("The ").removesuffix(" holds no rows")
        else:
            assert found.source_name == "amazon"
            title = found.parts[0].recognition.reason.split("those of the ")[1]
        told[path.stem.removeprefix("GET_")] = title
    assert told == {
        "FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA": "FBA customer returns report",
        "FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA": "removal order detail report",
        "FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA": "removal shipment detail report",
        "FBA_REIMBURSEMENTS_DATA": "reimbursements report",
        "FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE": "flat-file returns report",
        "LEDGER_DETAIL_VIEW_DATA": "inventory ledger, detail view",
        "LEDGER_SUMMARY_VIEW_DATA": "inventory ledger, summary view",
        "V2_SETTLEMENT_REPORT_DATA_FLAT_FILE": "settlement report, flat file V2",
    }
