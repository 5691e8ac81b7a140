"""eRetail, Oracle Retail, Tally and any ERP: manifests, debit notes, goods receipts and dispatches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.opening import open_file
from ingest.recognition import recognise
from rtv_core.errors import InvalidInput
from tests.unit.ingest.sources.reported import reported, written

TALLY = "Date|Particulars|Vch Type|Vch No.|Ref No.|Item Name|Quantity|Rate|Value|CGST|SGST|Gross Total"
TALLY_ROWS = (
    '1-Apr-26|Amazon|Sales|INV-1|PO-7|||| | |  |"2,360.00 Dr"',
    "|||||CREAM-50|10 Nos|100.00/Nos|1000.00|90.00|90.00|",
    "|||||CREAM-50|10 Nos|100.00/Nos|1000.00|90.00|90.00|",
    '3-Apr-26|Amazon|Debit Note|DN-1|RTV-55|CREAM-50|4 Nos|100.00/Nos|"(400.00)"|36.00|36.00|472.00 Cr',
    "4-Apr-26|Bank|Receipt|RC-1|||||| | |500.00",
    '|Grand Total|||||||"2,400.00"|||',
)
RTV_DESC = """<?xml version="1.0" encoding="UTF-8"?>
<ns:RTVDesc xmlns:ns="http://www.oracle.com/retail/integration/base/bo/RTVDesc/v1">
  <ns:dc_dest_id>1001</ns:dc_dest_id><ns:rtv_id>E-9</ns:rtv_id><ns:rtn_auth_nbr>A1</ns:rtn_auth_nbr>
  <ns:vendor_nbr>77</ns:vendor_nbr><ns:creation_ts>2026-11-05T10:00:00</ns:creation_ts>
  <ns:rtv_order_no>5500</ns:rtv_order_no>
  <ns:RTVDtl><ns:item_id>100200</ns:item_id><ns:unit_qty>4</ns:unit_qty><ns:unit_cost>90.5</ns:unit_cost>
    <ns:reason>Q</ns:reason></ns:RTVDtl>
  <ns:RTVDtl><ns:item_id>100201</ns:item_id><ns:unit_qty>1</ns:unit_qty><ns:reason>U</ns:reason></ns:RTVDtl>
</ns:RTVDesc>
"""


def _json(path: Path, body: Any) -> Path:
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def _part(path: Path) -> tuple[str, list[str]]:
    found = recognise(path.name, open_file(path, path.name))
    return found.source_name, list(found.contract_names)


def test_a_return_to_vendor_of_eretail_is_read_line_by_line(tmp_path: Path) -> None:
    lines = [
        {"lineNo": 1, "skuCode": "A", "openQty": 10, "pickedQty": 10, "shippedQty": 8, "unitPrice": "90.00",
         "batchNo": "B1", "expiryDate": "2027-05-31"},
        {"lineNo": 2, "skuCode": "C", "openQty": 5, "shippedQty": 0, "unitPrice": "10.00"},
    ]  # fmt: skip
    document = {"rtvNo": "RV-1", "rtvDate": "05/11/2026 10:00:00", "status": "Confirmed",
                "siteLocation": "BLR", "vendorCode": "V1", "items": lines}  # fmt: skip
    gone = {**document, "rtvNo": "RV-2", "status": "Cancelled"}
    path = _json(tmp_path / "rtv.json", {"responseCode": 0, "response": [document, gone]})
    told, refused = reported(path)
    assert (_part(path)[0], refused) == ("vinculum", [])
    first, second = told["rtv_manifests"]
    assert (first["qty"], first["revision_no"], first["created_at"]) == ("8", "2", "2026-11-05T10:00:00")
    assert (first["origin_node"], first["batch_no"], first["expiry_on"]) == ("BLR", "B1", "2027-05-31")
    assert (second["qty"], second["revision_no"]) == ("5", "1")


def test_a_document_without_lines_is_refused_and_not_lost(tmp_path: Path) -> None:
    head = {"rtvNo": "RV-1", "rtvDate": "05/11/2026", "siteLocation": "BLR"}
    documents = [
        {**head, "items": [{"skuCode": "A", "openQty": 1}, "?"]},
        {**head, "rtvNo": "RV-2", "items": []},
    ]
    told, refused = reported(_json(tmp_path / "rtv.json", {"response": documents}))
    assert len(told["rtv_manifests"]) == 1
    assert refused == ["line_no: REQUIRED_MISSING"] * 2


def test_what_oracle_retail_shipped_stands_over_what_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "RTVDesc.xml"
    path.write_text(RTV_DESC, encoding="utf-8")
    told, refused = reported(path)
    assert (_part(path)[0], refused) == ("oracle_retail", [])
    first, second = told["rtv_manifests"]
    assert (first["rtv_no"], first["revision_no"], first["platform_sku"], first["qty"]) == (
        "5500",
        "2",
        "100200",
        "4",
    )
    assert (first["origin_node"], first["unit_value"], second["line_no"]) == ("1001", "90.5", "100201/-/U")


@pytest.mark.parametrize(("status", "count"), [("10", 1), ("20", 0)])
def test_a_request_of_oracle_retail_is_the_first_revision_unless_cancelled(
    tmp_path: Path, status: str, count: int
) -> None:
    line = {"seq_no": 1, "item": "100200", "rtv_qty": 5, "unit_cost": 90.5, "reason": "Q"}
    body = {"rtv_order_no": 5500, "supplier": "77", "status_ind": status, "loc": 1001, "loc_type": "W",
            "physical_loc": 1000, "creation_date": "2026-11-01T00:00:00", "RTVReqDtl": [line]}  # fmt: skip
    told, refused = reported(_json(tmp_path / "req.json", {"RTVReqDesc": body}))
    assert refused == []
    assert [(row["rtv_no"], row["qty"]) for row in told["rtv_manifests"]] == [("5500", "5")] * count


def test_a_tally_register_fills_dispatches_and_debit_notes(tmp_path: Path) -> None:
    path = written(tmp_path / "register.csv", TALLY, *TALLY_ROWS, separator=",")
    told, refused = reported(path, platform_codes={"Amazon": "AMAZON"}, ship_to_node="BLR7")
    assert (_part(path), refused) == (("tally", ["debit_notes", "dispatches"]), [])
    one, two = told["dispatches"]
    assert (one["invoice_no"], one["invoice_on"], one["qty"], one["unit_price"]) == (
        "INV-1",
        "2026-04-01",
        "10",
        "100.00",
    )
    assert (one["gst_rate"], one["po_no"], one["platform_code"]) == ("18", "PO-7", "AMAZON")
    assert one["invoice_line_no"] != two["invoice_line_no"]
    (note,) = told["debit_notes"]
    assert (note["rtv_no"], note["qty"], note["tax_amount"], note["total_amount"]) == (
        "RTV-55",
        "4",
        "72.00",
        "472.00",
    )


def test_taxes_that_stand_on_the_voucher_only_are_dealt_to_its_items(tmp_path: Path) -> None:
    header = (
        "Date|Particulars|Voucher Type|Voucher No|Name of Item|Quantity|Rate|Value|"
        "Output CGST 9%|Output SGST 9%"
    )
    rows = ("1-Apr-26|Amazon|GST Sales|I-1||||300.00|27.00|27.00",
            "||||A|1 Nos|100.00|100.00||", "||||B|2 Nos|100|200||",
            "2-Apr-26|Amazon|GST Sales|I-2|C|1 Nos|50|50||")  # fmt: skip
    told, refused = reported(written(tmp_path / "s.csv", header, *rows, separator=","), ship_to_node="BLR7")
    assert refused == []
    assert [(line["sku_code"], line["gst_rate"]) for line in told["dispatches"]] == [
        ("A", "18"),
        ("B", "18"),
        ("C", "0"),
    ]


def test_tallys_xml_is_read_though_it_holds_characters_that_xml_forbids(tmp_path: Path) -> None:
    path = tmp_path / "DayBook.xml"
    path.write_text(
        "<ENVELOPE><BODY><IMPORTDATA><REQUESTDATA><TALLYMESSAGE><VOUCHER VCHTYPE='Debit Note'>"
        "<DATE>20260403</DATE><VOUCHERTYPENAME>Debit Note</VOUCHERTYPENAME>"
        "<VOUCHERNUMBER>DN-1</VOUCHERNUMBER>"
        "<PARTYLEDGERNAME>Amazon</PARTYLEDGERNAME><NARRATION>against RTV-55</NARRATION>"
        "<GSTREGISTRATIONTYPE>&#4; Not Applicable</GSTREGISTRATIONTYPE>"
        "<ALLINVENTORYENTRIES.LIST><STOCKITEMNAME>CREAM-50</STOCKITEMNAME><RATE>100.00/Nos</RATE>"
        "<AMOUNT>-400.00</AMOUNT><BILLEDQTY> 4 Nos</BILLEDQTY></ALLINVENTORYENTRIES.LIST>"
        "</VOUCHER></TALLYMESSAGE></REQUESTDATA></IMPORTDATA></BODY></ENVELOPE>",
        encoding="utf-8",
    )
    # The taxes of a voucher stand in its ledgers, which are not read: nothing is assumed.
    assert reported(path)[1] == ["tax_amount: REQUIRED_MISSING"]
    told, refused = reported(path, tax_amount="0", total_amount="400.00")
    assert refused == []
    (note,) = told["debit_notes"]
    assert (note["debit_note_no"], note["debited_on"], note["rtv_no"], note["qty"]) == (
        "DN-1",
        "2026-04-03",
        "RTV-55",
        "4",
    )
    assert (note["unit_value"], note["total_amount"]) == ("100.00", "400.00")


def test_a_note_without_an_rtv_is_refused_by_name(tmp_path: Path) -> None:
    row = "3-Apr-26|Amazon|Debit Note|DN-1||CREAM-50|4 Nos|100.00/Nos|400.00|36.00|36.00|472.00"
    _, refused = reported(written(tmp_path / "r.csv", TALLY, row, separator=","))
    assert refused == ["rtv_no: REQUIRED_MISSING"]


def test_any_erps_register_of_receipts_is_read_by_its_roles(tmp_path: Path) -> None:
    header = (
        "Plant|GR No|Posting Date|LR No|Reference|S.No|Material|Batch|Qty Received|Accepted Qty|Stock Type"
    )
    rows = ("P1|GR1|05-11-2026|LR1|RTV-55|1|CREAM-50|B1|10|8|Unrestricted",
            "P1|GR1|25-11-2026|LR1|RTV-55|2|SOAP||3||",
            "|Total|||||||13||")  # fmt: skip
    path = written(tmp_path / "grn.csv", header, *rows, separator=",")
    told, refused = reported(path)
    assert (_part(path), refused) == (("erp", ["goods_receipts"]), [])
    first, second = told["goods_receipts"]
    assert (first["qty"], first["accepted_qty"], first["rejected_qty"]) == ("10", "8", "2")
    assert (first["grn_on"], first["rtv_no"], first["awb_no"]) == ("2026-11-05", "RTV-55", "LR1")
    assert "rejected_qty" not in second


def test_a_receipt_without_a_place_needs_the_tenants_word(tmp_path: Path) -> None:
    path = written(tmp_path / "g.csv", "GRN No|GRN Date|Item Code|Qty", "G1|2026-11-05|A|1", separator=",")
    assert reported(path)[1] == ["node_code: REQUIRED_MISSING"]
    told, _ = reported(path, node_code="HUB")
    assert told["goods_receipts"][0]["node_code"] == "HUB"


def test_any_erps_registers_of_invoices_and_debits_are_read_by_their_roles(tmp_path: Path) -> None:
    header = "Invoice No|Invoice Date|PO No|Customer|Ship To|Item Code|Batch No|Qty|Rate|GST Rate|MRP"
    row = "I1|2026-11-05|PO1|AMAZON|BLR7|A|B1|5|100|18%|199"
    told, refused = reported(written(tmp_path / "sales.csv", header, row, separator=","))
    assert refused == []
    assert (told["dispatches"][0]["gst_rate"], told["dispatches"][0]["ship_from_node"]) == ("18", "HUB")
    header = "Debit Note No|Debit Note Date|Customer|RTV No|Item Code|Qty|Unit Price|CGST|SGST|Total"
    row = "D1|2026-11-05|AMAZON|RTV-55|A|2|100|18|18|236"
    told, refused = reported(written(tmp_path / "debits.csv", header, row, separator=","))
    assert (refused, told["debit_notes"][0]["tax_amount"]) == ([], "36")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<a><b></a>", "XML_INVALID"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML_INVALID"),
        ("<a>" * 100 + "</a>" * 100, "XML_INVALID"),
    ],
)
def test_xml_that_is_broken_or_sly_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        open_file(path, path.name)
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le", "cp1252"])
def test_xml_is_read_in_the_encodings_that_tally_writes(tmp_path: Path, encoding: str) -> None:
    declared = (
        '<?xml version="1.0"?>' if encoding[:5] != "utf-1" else '<?xml version="1.0" encoding="UTF-16"?>'
    )
    path = tmp_path / "RTVDesc.xml"
    body = RTV_DESC.partition("?>")[2].replace(">Q<", ">défaut<")
    path.write_bytes((declared + body).encode(encoding))
    told, refused = reported(path)
    assert refused == []
    assert told["rtv_manifests"][0]["reason_code"] == "défaut"
