"""A reconciled return goes out as EPCIS 2.0: valid by GS1's schema, and read back to the same units."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from ingest.opening import open_file
from ingest.recognition import recognise
from rtv_commands.export_epcis import export_epcis
from rtv_core.errors import NotFound
from rtv_core.exports.epcis import Return
from tests.fixtures.built_world import BuiltWorld

SCHEMA = Path(__file__).parents[3] / "shared" / "samples" / "epcis" / "EPCIS-JSON-Schema.json"
NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
# What EPCIS 2.0 demands of a document, where GS1's own schema is not at hand.
NEEDED = {
    "type": "object",
    "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
    "properties": {
        "type": {"const": "EPCISDocument"},
        "schemaVersion": {"const": "2.0"},
        "creationDate": {"type": "string", "format": "date-time"},
        "epcisBody": {
            "type": "object",
            "required": ["eventList"],
            "properties": {
                "eventList": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "required": ["type", "eventTime", "eventTimeZoneOffset", "action"],
                        "properties": {
                            "eventTime": {"type": "string", "format": "date-time"},
                            "eventTimeZoneOffset": {
                                "pattern": r"^[+-](0[0-9]|1[0-3]):[0-5][0-9]$|^[+-]14:00$"
                            },
                            "action": {"enum": ["OBSERVE", "ADD", "DELETE"]},
                            "bizStep": {"enum": ["receiving", "inspecting"]},
                        },
                        "anyOf": [{"required": ["epcList"]}, {"required": ["quantityList"]}],
                    },
                }
            },
        },
    },
}


def _returns(world: BuiltWorld, carton: str = "true") -> list[dict[str, Any]]:
    return world.rows(
        f"""select platform_code, rtv_no, sum(qty)::int as qty, min(carton_no) as carton_no
           from marts.fct_captured_items where rtv_no is not null and {carton}
           group by 1, 2 order by count(distinct condition_verdict) desc, 1, 2 limit 5"""
    )


def _written(
    world: BuiltWorld, row: dict[str, Any], to: Path, carton_no: str | None = None
) -> dict[str, Any]:
    of = Return(row["platform_code"], row["rtv_no"], "hub.example.com", "Asia/Kolkata")
    export_epcis(world.dsn, of, to, tenant_code="default", now=NOW, carton_no=carton_no)
    found: dict[str, Any] = orjson.loads(to.read_bytes())
    return found


def test_a_return_is_written_and_read_back(built_world: BuiltWorld, tmp_path: Path) -> None:
    for number, row in enumerate(_returns(built_world)):
        path = tmp_path / f"{number}.jsonld"
        document = _written(built_world, row, path)
        jsonschema.validate(document, NEEDED, format_checker=jsonschema.FormatChecker())
        again = _written(built_world, row, tmp_path / "again.jsonld")
        assert document == again
        steps = Counter(event["bizStep"] for event in document["epcisBody"]["eventList"])
        assert steps["receiving"] >= 1
        inspected = [e for e in document["epcisBody"]["eventList"] if e["bizStep"] == "inspecting"]
        assert sum(entry["quantity"] for e in inspected for entry in e["quantityList"]) == row["qty"]
        (part,) = recognise(path.name, open_file(path, path.name)).parts
        assert part.recognition.contract_name == "goods_receipts"
        (batch,) = part.table.batches()
        assert set(batch.columns[batch.header.index("rtv_no")]) == {row["rtv_no"]}


def test_one_carton_is_written_alone(built_world: BuiltWorld, tmp_path: Path) -> None:
    row = _returns(built_world, "carton_no is not null")[0]
    whole = _written(built_world, row, tmp_path / "whole.jsonld")
    carton = _written(built_world, row, tmp_path / "carton.jsonld", row["carton_no"])
    assert len(carton["epcisBody"]["eventList"]) <= len(whole["epcisBody"]["eventList"])
    with pytest.raises(NotFound, match="carton NO-SUCH"):
        _written(built_world, row, tmp_path / "none.jsonld", "NO-SUCH")
    assert not (tmp_path / "none.jsonld").exists()


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of GS1 is not here")
def test_the_schema_of_gs1_agrees(built_world: BuiltWorld, tmp_path: Path) -> None:
    schema = orjson.loads(SCHEMA.read_bytes())
    for number, row in enumerate(_returns(built_world)):
        jsonschema.validate(_written(built_world, row, tmp_path / f"{number}.jsonld"), schema)
