"""Sound files of every contract in every format that is taken in: what malformed ones are made from."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from intake_samples import record
from reportlab.pdfgen.canvas import Canvas

from ingest.contracts.registry import contracts

ROWS = 6
CONTRACTS = tuple(contracts())
_X12 = (
    f"ISA*00*{'':10}*00*{'':10}*ZZ*{'MEGA':15}*ZZ*{'BRAND':15}*261105*0930*U*00401*000000042*0*P*>~"
    "GS*AN*MEGA*BRAND*20261105*0930*42*X*004010~ST*180*1~BGN*00*RTV-9*20261105*0930~RDR*RN*EI~REF*CN*AWB1~"
    "N1*SF*Mega*92*MEGA-DC1~N1*ST*Brand*92*FC-BLR~TD1*CTN*3****G*21.5*KG~TD5*O*2*SAFEX~"
    "BLI*UK*08901234500019*5*EA*120.50~RDR*RN*BC~N9*LT*B-77~DTM*036*20271231~BLI*SK*SKU-2*7*EA*99~"
    "SE*15*1~GE*1*42~IEA*1*000000042~"
)
_EDIFACT = (
    "UNA:+.? 'UNB+UNOC:3+MEGA:14+BRAND:14+261105:0930+42'UNH+1+RETANN:D:01B:UN:EAN001'BGM+35E+RTV-9+9'"
    "DTM+137:20261105:102'NAD+SU+MEGA-DC1::9'NAD+BY+FC-BLR::9'LIN+1++8901234500019:SRV'QTY+61:5'"
    "LIN+2++8901234500026:SRV'QTY+61:7'UNT+11+1'UNZ+1+42'"
)
_EPCIS = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-11-05T10:00:00Z",
    "epcisBody": {
        "eventList": [
            {
                "type": "AggregationEvent",
                "eventTime": "2026-11-05T10:00:00Z",
                "eventTimeZoneOffset": "+05:30",
                "parentID": "urn:epc:id:sscc:8901234.0000000017",
                "childQuantityList": [{"epcClass": "urn:epc:class:lgtin:8901234.050001.B77", "quantity": 5}],
                "action": "ADD",
                "bizStep": "packing",
            }
        ]
    },
}
_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Data">'
)
_ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS_MANIFEST = (
    b'<?xml version="1.0"?><manifest:manifest '
    b'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def _records(contract_name: str) -> list[dict[str, Any]]:
    return [record(contract_name, number) for number in range(ROWS)]


def _grid(contract_name: str) -> list[list[str]]:
    """The header and rows as text; nested values as JSON."""
    rows = _records(contract_name)
    texts = [
        [json.dumps(value) if isinstance(value, dict | list) else str(value) for value in row.values()]
        for row in rows
    ]
    return [list(rows[0]), *texts]


def _delimited(contract_name: str, delimiter: str) -> bytes:
    cells = [
        [f'"{cell}"'.replace('"', '""')[1:-1] if delimiter in cell or '"' in cell else cell for cell in row]
        for row in _grid(contract_name)
    ]
    return "".join(delimiter.join(row) + "\r\n" for row in cells).encode()


def _xlsx(contract_name: str) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as book:
        book.set_properties({"created": datetime(2026, 11, 5, tzinfo=UTC)})
        sheet = book.add_worksheet("Data")
        for row_no, row in enumerate(_grid(contract_name)):
            for column, text in enumerate(row):
                sheet.write_string(row_no, column, text)
    return sink.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of these files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _ods(contract_name: str) -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in _grid(contract_name)
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    content = (_ODS_HEAD + rows + _ODS_TAIL).encode()
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": _ODS_MANIFEST})


def _parquet(contract_name: str) -> bytes:
    header, *rows = _grid(contract_name)
    sink = io.BytesIO()
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=header), sink)
    return sink.getvalue()


def _xml(contract_name: str) -> bytes:
    header, *rows = _grid(contract_name)
    told = "".join(
        "<row>" + "".join(f"<{n}>{escape(c)}</{n}>" for n, c in zip(header, row, strict=True)) + "</row>"
        for row in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rows>{told}</rows>'.encode()


def _pdf(contract_name: str) -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(900, 400), invariant=True)
    for row_no, row in enumerate(_grid(contract_name)):
        for column, text in enumerate(row[:8]):
            canvas.drawString(20 + 105 * column, 360 - 20 * row_no, text[:16])
    canvas.save()
    return sink.getvalue()


def _jsonl(contract_name: str) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in _records(contract_name)).encode()


_MAKERS: dict[str, Callable[[str], bytes]] = {
    "csv": lambda name: _delimited(name, ","),
    "tsv": lambda name: _delimited(name, "\t"),
    "txt": lambda name: _delimited(name, ";"),
    "jsonl": _jsonl,
    "json": lambda name: json.dumps({"rows": _records(name)}).encode(),
    "xlsx": _xlsx,
    "ods": _ods,
    "parquet": _parquet,
    "xml": _xml,
    "pdf": _pdf,
    "x12": lambda _: _X12.encode(),
    "edifact": lambda _: _EDIFACT.encode(),
    "epcis": lambda _: json.dumps(_EPCIS).encode(),
    "zip": lambda name: zipped({f"{name}_1.csv": _delimited(name, ","), "two.xlsx": _xlsx(name)}),
}
FORMATS = tuple(_MAKERS)


@cache
def good_file(format_name: str, contract_name: str) -> bytes:
    """The bytes of a sound file."""
    return _MAKERS[format_name](contract_name)
