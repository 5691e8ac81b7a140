"""EPCIS documents become manifests, goods receipts and tracking; keys come out of URNs and Digital Links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.opening import open_file
from ingest.recognition import recognise
from ingest.sources.epcis.identifiers import Key, key_of, number_of, place_of
from rtv_commands.read import read_file

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "epcis"
GTIN = "09520001123467"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("urn:epc:id:sgtin:9520001.012346.1001", Key("09520001123467", None, "1001")),
        ("urn:epc:class:lgtin:9520001.012346.LOT-7", Key("09520001123467", "LOT-7")),
        ("urn:epc:idpat:sgtin:9520001.012346.*", Key("09520001123467")),
        ("https://id.gs1.org/01/09520001123467/10/LOT-7/21/9", Key("09520001123467", "LOT-7", "9")),
        ("https://example.com/p/01/09520001123467", Key("09520001123467")),
        ("https://id.gs1.org/01/09520001123469", Key()),
        ("urn:epc:id:sscc:9520001.0123456789", Key(sscc="095200011234567898")),
        ("https://id.gs1.org/00/095200011234567898", Key(sscc="095200011234567898")),
        ("urn:epc:id:sgln:9529999.99999.0", Key(gln="9529999999993")),
        ("https://id.gs1.org/414/9529999999993/254/3", Key(gln="9529999999993")),
        ("urn:epc:id:sgtin:95x.012346.1", Key()),
        ("", Key()),
        (None, Key()),
    ],
)
def test_a_key_is_read_or_there_is_none(written: str | None, key: Key) -> None:
    assert key_of(written) == key


def test_places_and_papers_that_are_no_keys_keep_their_last_part() -> None:
    assert place_of("https://example.com/loc/DARK-1") == "DARK-1"
    assert place_of("urn:epc:id:sgln:9529999.99999.0") == "9529999999993"
    assert number_of("urn:epcglobal:cbv:bt:9520011111116:A123") == "A123"
    assert number_of("http://transaction.acme.com/po/12345678") == "12345678"


def event(kind: str, step: str, at: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "eventTime": at,
        "eventTimeZoneOffset": "+05:30",
        "action": "OBSERVE",
        "bizStep": step,
        "bizLocation": {"id": "https://example.com/loc/FC-1"},
        **more,
    }


def papers(**numbers: str) -> list[dict[str, str]]:
    return [
        {"type": name, "bizTransaction": f"urn:epcglobal:cbv:bt:9520011111116:{value}"}
        for name, value in numbers.items()
    ]


CARTON = "urn:epc:id:sscc:9520001.0123456789"
LOT = "urn:epc:class:lgtin:9520001.012346.L1"
DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-11-05T10:00:00Z",
    "epcisBody": {
        "eventList": [
            event(
                "AggregationEvent", "packing", "2026-11-01T08:00:00Z", action="ADD", parentID=CARTON,
                childQuantityList=[{"epcClass": LOT, "quantity": 10, "uom": "EA"}],
            ),
            event(
                "ObjectEvent", "shipping", "2026-11-01T20:00:00Z", disposition="returned", epcList=[CARTON],
                bizTransactionList=papers(rma="RR-9", bol="AWB-1"),
                sourceList=[{"type": "owning_party", "source": "https://example.com/p/BLINKIT"}],
                destinationList=[{"type": "location", "destination": "https://example.com/loc/FC-9"}],
            ),
            event(
                "ObjectEvent", "departing", "2026-11-02T03:00:00Z", epcList=[CARTON],
                bizTransactionList=papers(bol="AWB-1"),
                sourceList=[{"type": "possessing_party", "source": "https://example.com/p/SWIFT"}],
            ),
            event(
                "ObjectEvent", "receiving", "2026-11-04T20:00:00Z", disposition="in_progress",
                quantityList=[{"epcClass": LOT, "quantity": 10}], bizTransactionList=papers(rma="RR-9"),
            ),
            event(
                "ObjectEvent", "inspecting", "2026-11-04T21:00:00Z", disposition="conformant",
                quantityList=[{"epcClass": LOT, "quantity": 8}], bizTransactionList=papers(rma="RR-9"),
            ),
            event(
                "ObjectEvent", "inspecting", "2026-11-04T21:05:00Z", disposition="damaged",
                epcList=["urn:epc:id:sgtin:9520001.012346.1", "urn:epc:id:sgtin:9520001.012346.2"],
                bizTransactionList=papers(rma="RR-9"),
            ),
            event("ObjectEvent", "commissioning", "2026-10-01T00:00:00Z", epcList=[CARTON]),
        ]
    },
}  # fmt: skip


def rows_of(path: Path) -> dict[str, list[dict[str, str | None]]]:
    found = recognise(path.name, open_file(path, path.name))
    return {
        part.recognition.contract_name: [
            dict(zip(batch.header, cells, strict=True))
            for batch in part.table.batches()
            for cells in zip(*batch.columns, strict=True)
        ]
        for part in found.parts
    }


def test_a_return_is_shipped_carried_received_and_inspected(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonld"
    path.write_text(json.dumps(DOCUMENT, indent=1), encoding="utf-8")
    rows = rows_of(path)
    (line,) = rows["rtv_manifests"]
    assert line == {
        "platform_code": "BLINKIT", "rtv_no": "RR-9", "created_at": "2026-11-02T01:30:00+05:30",
        "origin_node": "FC-1", "destination_node": "FC-9", "transporter_code": None, "awb_no": "AWB-1",
        "line_no": f"095200011234567898/{GTIN}/L1", "carton_no": "095200011234567898", "platform_sku": GTIN,
        "gtin": GTIN, "qty": "10", "batch_no": "L1", "reason_code": None,
    }  # fmt: skip
    (scan,) = rows["transporter_events"]
    assert (scan["transporter_code"], scan["awb_no"], scan["status"], scan["cartons"]) == (
        "SWIFT", "AWB-1", "in_transit", "1",
    )  # fmt: skip
    receipts = [
        (row["line_no"], row["qty"], row["accepted_qty"], row["rejected_qty"], row["grn_on"])
        for row in rows["goods_receipts"]
    ]
    assert receipts == [
        (f"{GTIN}/L1", "10", "10", "0", "2026-11-05"),
        (f"{GTIN}/L1", "8", "8", "0", "2026-11-05"),
        (f"{GTIN}/damaged", "2", "0", "2", "2026-11-05"),
    ]
    reading = read_file(path)
    assert (reading.source_name, reading.error) == ("epcis", None)
    assert reading.refusals == {"EPCIS_EVENT_UNUSED": 1}


def test_what_its_sender_declares_wrong_counts_for_nothing(tmp_path: Path) -> None:
    receipt = event(
        "ObjectEvent", "receiving", "2026-11-04T20:00:00Z", eventID="urn:x:7",
        quantityList=[{"epcClass": LOT, "quantity": 10}], bizTransactionList=papers(rma="RR-9"),
    )  # fmt: skip
    again = receipt | {"errorDeclaration": {"declarationTime": "2026-11-05T00:00:00Z"}}
    sound = receipt | {"eventID": "urn:x:8"}
    path = tmp_path / "events.json"
    path.write_text(json.dumps([receipt, again, sound], indent=1), encoding="utf-8")
    assert [row["qty"] for row in rows_of(path)["goods_receipts"]] == ["10"]


def test_a_carton_whose_contents_nobody_told_is_not_lost(tmp_path: Path) -> None:
    closed = [
        event("ObjectEvent", "receiving", "2026-11-04T20:00:00Z", epcList=[CARTON]),
        event(
            "ObjectEvent", "shipping", "2026-11-01T20:00:00Z", epcList=[CARTON],
            bizTransactionList=papers(rma="RR-9"),
        ),
    ]  # fmt: skip
    path = tmp_path / "events.json"
    path.write_text(json.dumps(closed, indent=1), encoding="utf-8")
    assert read_file(path).refusals == {"EPCIS_EVENT_UNUSED": 2}


XML = """<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2"
 creationDate="2026-11-05T10:00:00Z">
 <EPCISBody><EventList>
  <ObjectEvent><eventTime>2026-11-04T20:00:00Z</eventTime><eventTimeZoneOffset>+05:30</eventTimeZoneOffset>
   <epcList/><action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep>
   <disposition>urn:epcglobal:cbv:disp:in_progress</disposition>
   <bizLocation><id>urn:epc:id:sgln:9529999.99999.0</id></bizLocation>
   <bizTransactionList>
    <bizTransaction type="urn:epcglobal:cbv:btt:desadv">
     urn:epcglobal:cbv:bt:9520011111116:D-5
    </bizTransaction>
   </bizTransactionList>
   <extension><quantityList>
    <quantityElement><epcClass>urn:epc:class:lgtin:9520001.012346.L1</epcClass><quantity>3</quantity></quantityElement>
    <quantityElement><epcClass>urn:epc:idpat:sgtin:9520001.012346.*</epcClass><quantity>2</quantity></quantityElement>
   </quantityList></extension>
  </ObjectEvent>
 </EventList></EPCISBody>
</epcis:EPCISDocument>"""


def test_xml_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "events.xml"
    path.write_text(XML, encoding="utf-8")
    rows = [
        (row["node_code"], row["grn_no"], row["sku_code"], row["batch_no"], row["qty"])
        for row in rows_of(path)["goods_receipts"]
    ]
    assert rows == [("9529999999993", "D-5", GTIN, "L1", "3"), ("9529999999993", "D-5", GTIN, None, "2")]


@pytest.mark.skipif(not SAMPLES.exists(), reason="the documents of GS1 are not here")
def test_the_documents_of_gs1_are_read() -> None:
    for path in sorted(SAMPLES.glob("*.jsonld")):
        reading = read_file(path)
        assert (reading.source_name, reading.contract_name) == ("epcis", "goods_receipts"), path.name
        assert reading.rows_sound > 0
