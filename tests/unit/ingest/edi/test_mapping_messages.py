"""Messages as rows of the contracts: each element where its field wants it, on the segment it stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.judging import judged_batches
from ingest.readers.open import open_document
from ingest.recognition import default_settings, recognise
from rtv_core.errors import InvalidInput

HEAD = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'MEGA':15}*ZZ*{'BRAND':15}*261105*0930*U*00401*000000042*0*P*>~"
PLACES = "N1*SF*Mega*92*MEGA-DC1~N1*ST*Brand*92*FC-BLR~"
X180 = (
    "ST*180*1~BGN*00*RTV-9*20261105*0930~RDR*RN*EI~REF*CN*AWB1~"
    + PLACES
    + "TD1*CTN*3****G*21.5*KG~TD5*O*2*SAFEX~BLI*UK*08901234500019*5*EA*120.50~RDR*RN*BC~N9*LT*B-77~"
    "DTM*036*20271231~BLI*SK*SKU-2*7*EA*99~NTE*GSI*DAMAGED~SE*15*1~"
)
X812 = (
    "ST*812*2~BCD*20261110*DN-5*C*123456*D*20261110*INV-1~N9*RZ*RTV-9~CDD*04*D*1*59000***5*EA**LPR*100~"
    "LIN**SK*SKU-1~CDD*04*D*2*100.50***1*EA**LPR*100.50~LIN**SK*SKU-2~CDD*01*C*3*5000***1~SE*8*2~"
)
X861 = (
    "ST*861*3~BRA*GRN-4*20261112*00*8~REF*RZ*RTV-9~REF*BM*AWB1~"
    + PLACES
    + "RCD*1*10*EA***2*EA*01*1*EA*03~LIN**VN*SKU-1*LT*B-77~RCD*2*4*EA*1*EA~LIN**UP*890123450002~SE*11*3~"
)
X856 = (
    "ST*856*4~BSN*00*ASN-7*20261106*0800~HL*1**S~REF*CN*AWB1~" + PLACES + "HL*2*1*O~PRF*RTV-9~HL*3*2*P~"
    "MAN*GM*00189012345000000012~HL*4*3*I~LIN**SK*SKU-1~SN1**5*EA~HL*5*3*I~LIN**SK*SKU-2~SN1**7*EA~"
    "HL*6*2*P~MAN*GM*00189012345000000029~HL*7*6*I~LIN**SK*SKU-1~SN1**2*EA~SE*23*4~"
)
X214 = (
    "ST*214*5~B10*AWB1*SHIP-1*SAFEX~LX*1~AT7*AF*NS***20261106*1000*UT~MS1*PUNE*MH*IN~AT7*A7*BS***20261108*1200*LT~"
    "AT7*ZZ*NS***20261109*0900~SE*8*5~"
)
EDIFACT_HEAD = "UNB+UNOC:3+MEGA:14+BRAND:14+261105:0930+77'"
RETANN = (
    "UNH+1+RETANN:D:01B:UN:EAN004'BGM+35E+RTV-8+9'DTM+137:202611050930:203'RFF+CN:AWB2'NAD+BY+MEGA-DC1::9'"
    "NAD+SU+FC-BLR::9'PAC+4++CT'LIN+1++8901234500019:SRV'PIA+1+SKU-1:IN'PIA+1+B-77:NB'QTY+61:5'DTM+361:20271231:102'"
    "PRI+AAA:120.50'LIN+2++SKU-2:IN'QTY+21:7'UNT+16+1'"
)
RECADV = (
    "UNH+2+RECADV:D:96A:UN:EAN003'BGM+632+GRN-5+9'DTM+50:20261112:102'RFF+ALQ:RTV-8'NAD+ST+FC-BLR::9'CPS+1'"
    "LIN+1++SKU-1:SA'QTY+48:10'QVR+-2:124++DME'LIN+2++SKU-2:SA'QTY+48:4'UNT+12+2'"
)
IFTSTA = (
    "UNH+3+IFTSTA:D:01B:UN'BGM+23+S-1+9'NAD+CA+SAFEX'CNI+1+AWB2'STS+1+13'DTM+334:202611061000?+0530:303'"
    "LOC+14+INPNQ:::Pune'STS+1+21'DTM+334:202611081200:203'CNI+2+AWB3'STS+1+49+14'DTM+334:202611091200:203'UNT+13+3'"
)
DESADV = (
    "UNH+4+DESADV:D:96A:UN:EAN005'BGM+351+ASN-9+9'DTM+137:20261106:102'RFF+ALQ:RTV-8'RFF+CN:AWB2'"
    "NAD+SF+MEGA-DC1::9'NAD+ST+FC-BLR::9'CPS+2+1'PAC+1++CT'PCI+33E'GIN+BJ+189012345000000012'LIN+1++SKU-1:IN'QTY+12:5'"
    "CPS+3+1'PAC+1++CT'PCI+33E'GIN+BJ+189012345000000029'LIN+2++SKU-2:IN'QTY+12:7'UNT+20+4'"
)


def x12(*messages: str) -> str:
    body, count = "".join(messages), len(messages)
    return f"{HEAD}GS*AN*MEGA*BRAND*20261105*0930*42*X*004010~{body}GE*{count}*42~IEA*1*000000042~"


def rows(folder: Path, text: str, **settings: Any) -> dict[str, list[dict[str, str]]]:
    """Each sound row of a file by contract, its blank fields left out; `#` is its row number."""
    path = folder / "in.edi"
    path.write_text(text, encoding="utf-8")
    found: dict[str, list[dict[str, str]]] = {}
    for part in recognise(path.name, open_document(path, path.name)).parts:
        told = found.setdefault(part.recognition.contract_name, [])
        for _, judged in judged_batches(
            part.table, part.recognition, {**default_settings("edi"), **settings}
        ):
            assert judged.rejected == []
            columns = {name: values.to_pylist() for name, values in judged.columns.items()}
            told.extend(
                {
                    "#": str(number),
                    **{name: column[place] for name, column in columns.items() if column[place]},
                }
                for place, number in enumerate(judged.row_nos.to_pylist())
            )
    return found


def test_a_180_becomes_the_lines_of_a_manifest(tmp_path: Path) -> None:
    first, second = rows(tmp_path, x12(X180))["rtv_manifests"]
    assert first == {
        "#": "11", "platform_code": "MEGA", "rtv_no": "RTV-9", "created_at": "2026-11-05T09:30:00",
        "origin_node": "MEGA-DC1", "destination_node": "FC-BLR", "transporter_code": "SAFEX",
        "awb_no": "AWB1", "declared_cartons": "3", "declared_weight_kg": "21.5", "line_no": "1",
        "platform_sku": "08901234500019", "gtin": "08901234500019", "qty": "5", "unit_value": "120.50",
        "batch_no": "B-77", "expiry_on": "2027-12-31", "reason_code": "BC",
    }  # fmt: skip
    assert (second["platform_sku"], second["qty"], second["reason_code"]) == ("SKU-2", "7", "DAMAGED")


def test_the_tenants_codes_stand_in_place_of_the_partners(tmp_path: Path) -> None:
    told = rows(
        tmp_path,
        x12(X180),
        platform_codes={"MEGA": "MEGASTORE"},
        node_codes={"MEGA-DC1": "PLATFORM-FC-1"},
        transporter_codes={"SAFEX": "SFX"},
    )["rtv_manifests"][0]
    assert (told["platform_code"], told["origin_node"], told["transporter_code"]) == (
        "MEGASTORE",
        "PLATFORM-FC-1",
        "SFX",
    )


def test_an_812_becomes_debits_and_what_is_flagged_as_credit_becomes_credits(tmp_path: Path) -> None:
    told = rows(tmp_path, x12(X812))
    first, second = told["debit_notes"]
    assert {**first, "#": ""} == {
        "#": "", "platform_code": "MEGA", "debit_note_no": "DN-5", "debited_on": "2026-11-10",
        "rtv_no": "RTV-9",
        "line_no": "1", "platform_sku": "SKU-1", "qty": "5", "unit_value": "100", "tax_amount": "90",
        "total_amount": "590",
    }  # fmt: skip
    assert (second["unit_value"], second["total_amount"], second["tax_amount"]) == ("100.50", "100.50", "0")
    (credit,) = told["credit_notes"]
    assert (credit["credit_note_no"], credit["invoice_no"], credit["value_amount"]) == ("DN-5", "INV-1", "50")


def test_an_861_becomes_a_receipt_with_what_was_not_accepted(tmp_path: Path) -> None:
    first, second = rows(tmp_path, x12(X861))["goods_receipts"]
    names = ("node_code", "grn_no", "grn_on", "awb_no", "rtv_no", "sku_code")
    assert [first[name] for name in names] == ["FC-BLR", "GRN-4", "2026-11-12", "AWB1", "RTV-9", "SKU-1"]
    assert (first["qty"], first["accepted_qty"], first["rejected_qty"]) == ("10", "8", "2")
    assert (first["disposition"], first["batch_no"]) == ("01|03", "B-77")
    assert (second["qty"], second["accepted_qty"], second["rejected_qty"]) == ("4", "3", "1")


def test_an_856_says_in_which_carton_each_item_lies(tmp_path: Path) -> None:
    told = rows(tmp_path, x12(X856))
    cartons = [
        (row["rtv_no"], row["platform_sku"], row["qty"], row["carton_no"][-3:])
        for row in told["rtv_manifests"]
    ]
    assert cartons == [
        ("RTV-9", "SKU-1", "5", "012"),
        ("RTV-9", "SKU-2", "7", "012"),
        ("RTV-9", "SKU-1", "2", "029"),
    ]
    assert {row["revision_no"] for row in told["rtv_manifests"]} == {"2"}
    assert [row["line_no"] for row in told["rtv_manifests"]] == ["ASN-7/1", "ASN-7/2", "ASN-7/3"]
    (document,) = told["documents"]
    assert (document["document_type"], document["document_no"], len(document["sha256"])) == (
        "other",
        "ASN-7",
        64,
    )


def test_a_214_tells_events_and_an_unknown_code_stays_unknown(tmp_path: Path) -> None:
    told = rows(tmp_path, x12(X214))["transporter_events"]
    assert [(row["status"], row.get("reason"), row["event_at"], row.get("place")) for row in told] == [
        ("picked_up", None, "2026-11-06T10:00:00+00:00", "PUNE, MH, IN"),
        ("refused", "refused", "2026-11-08T12:00:00", None),
        ("unknown", None, "2026-11-09T09:00:00", None),
    ]
    assert {row["awb_no"] for row in told} == {"AWB1"}
    assert told[2]["raw_code"] == "ZZ/NS"


def test_a_retann_becomes_the_lines_of_a_manifest(tmp_path: Path) -> None:
    first, second = rows(tmp_path, f"{EDIFACT_HEAD}{RETANN}UNZ+1+77'")["rtv_manifests"]
    assert {**first, "#": ""} == {
        "#": "", "platform_code": "MEGA", "rtv_no": "RTV-8", "created_at": "2026-11-05T09:30:00",
        "origin_node": "MEGA-DC1", "destination_node": "FC-BLR", "awb_no": "AWB2",
        "declared_cartons": "4",
        "line_no": "1", "platform_sku": "SKU-1", "gtin": "8901234500019", "qty": "5", "unit_value": "120.50",
        "batch_no": "B-77", "expiry_on": "2027-12-31",
    }  # fmt: skip
    assert (second["platform_sku"], second["qty"]) == ("SKU-2", "7")


def test_a_recadv_becomes_a_receipt(tmp_path: Path) -> None:
    first, second = rows(tmp_path, f"{EDIFACT_HEAD}{RECADV}UNZ+1+77'")["goods_receipts"]
    assert (first["grn_no"], first["grn_on"], first["rtv_no"], first["node_code"]) == (
        "GRN-5",
        "2026-11-12",
        "RTV-8",
        "FC-BLR",
    )
    assert (first["qty"], first["accepted_qty"], first["rejected_qty"], first["disposition"]) == (
        "10",
        "8",
        "2",
        "DME",
    )
    assert (second["qty"], second.get("rejected_qty")) == ("4", None)


def test_an_iftsta_tells_events_of_each_consignment(tmp_path: Path) -> None:
    told = rows(tmp_path, f"{EDIFACT_HEAD}{IFTSTA}UNZ+1+77'")["transporter_events"]
    assert [(row["awb_no"], row["status"], row["event_at"]) for row in told] == [
        ("AWB2", "picked_up", "2026-11-06T10:00:00+05:30"),
        ("AWB2", "delivered", "2026-11-08T12:00:00"),
        ("AWB3", "lost", "2026-11-09T12:00:00"),
    ]
    assert (told[0]["place"], told[2]["reason"], told[0]["transporter_code"]) == ("Pune", "damaged", "SAFEX")


def test_a_desadv_says_in_which_carton_each_item_lies(tmp_path: Path) -> None:
    told = rows(tmp_path, f"{EDIFACT_HEAD}{DESADV}UNZ+1+77'")
    assert [(row["rtv_no"], row["platform_sku"], row["carton_no"][-3:]) for row in told["rtv_manifests"]] == [
        ("RTV-8", "SKU-1", "012"),
        ("RTV-8", "SKU-2", "029"),
    ]
    assert told["documents"][0]["document_no"] == "ASN-9"


def test_messages_that_are_not_read_are_kept_by_name_beside_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "in.edi"
    path.write_text(x12(X180, "ST*997*9~AK1*AN*42~SE*3*9~"), encoding="ascii")
    found = recognise(path.name, open_document(path, path.name))
    assert found.contract_names == ("rtv_manifests",)
    assert [(row.code, row.sheet_name) for row in found.unread] == [("MESSAGE_NOT_READ", "X12 997 9")]


def test_a_file_of_none_that_are_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.edi"
    path.write_text(x12("ST*997*9~AK1*AN*42~SE*3*9~"), encoding="ascii")
    with pytest.raises(InvalidInput) as caught:
        recognise(path.name, open_document(path, path.name))
    assert caught.value.code == "MESSAGE_NOT_READ"


def test_an_impossible_date_is_refused_in_its_row(tmp_path: Path) -> None:
    path = tmp_path / "in.edi"
    path.write_text(x12(X812.replace("BCD*20261110", "BCD*20020148")), encoding="ascii")
    parts = recognise(path.name, open_document(path, path.name)).parts
    judged = [
        row
        for part in parts
        for _, batch in judged_batches(part.table, part.recognition, default_settings("edi"))
        for row in batch.rejected
    ]
    assert {(row.code, row.bad_value) for row in judged} == {("DATE_INVALID", "2002-01-48")}
