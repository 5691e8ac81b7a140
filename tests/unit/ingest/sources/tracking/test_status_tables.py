"""Each code of each table of statuses, sent as its carrier sends it, means what is expected of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.contracts.registry import contract
from ingest.sources.tracking.statuses import code_form, table, table_names, table_of
from tests.unit.ingest.sources.reported import reported
from tests.unit.ingest.sources.tracking import payloads as sender

EXPECTED = Path(__file__).resolve().parents[4] / "fixtures" / "tracking" / "expected"
Meaning = tuple[str, str, str, str]
LEG_ONLY = "-"


def _shiprocket(code: str) -> dict[str, Any]:
    if code.startswith("C/"):
        return sender.shiprocket(shipment_status_id=None, current_status_id=code[2:])
    return sender.shiprocket(shipment_status_id=code)


def _delhivery(code: str) -> dict[str, Any]:
    kind, _, nsl = code.partition("/")
    words = any(letter.islower() for letter in nsl) or nsl in ("RTO", "DTO")
    kind = "UD" if kind == "*" else kind
    return sender.delhivery(kind, nsl if words else "No such status", None if words else nsl)


def _ecom_express(code: str) -> dict[str, Any]:
    returned = code.startswith("RTS/")
    return sender.ecom_express(code.removeprefix("RTS/"), rts_shipment="1" if returned else "0")


BODIES: dict[str, Callable[[str], dict[str, Any]]] = {
    "clickpost": sender.clickpost,
    "shiprocket": _shiprocket,
    "delhivery": _delhivery,
    "bluedart": lambda code: sender.bluedart(*code.split("/")),
    "ecom_express": _ecom_express,
    "aftership": lambda code: sender.aftership(code.partition("_")[0], code),
    "easypost": lambda code: sender.easypost(code.partition("/")[0], code.partition("/")[2] or "unknown"),
}


def _expected(name: str) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for line in (EXPECTED / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        meant, _, codes = line.partition(": ")
        status, leg, reason, responsible = meant.split(" ")
        found.update(dict.fromkeys(codes.split("; "), (status, leg, reason, responsible)))
    return found


def _scans_file(path: Path, name: str, codes: list[str]) -> Path:
    rows = [f'{name},A{place},2026-11-05T10:00:00,"{code}"' for place, code in enumerate(codes)]
    path.write_text("carrier,awb_no,event_at,status_code\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def _told(path: Path) -> list[Meaning]:
    told, refused = reported(path)
    assert refused == []
    names = ("status", "leg", "reason", "responsible")
    return [
        tuple(event.get(name, "-") for name in names)  # type: ignore[misc]
        for event in told["transporter_events"]
    ]


@pytest.mark.parametrize("name", sorted(table_names()))
def test_each_code_means_what_is_expected(tmp_path: Path, name: str) -> None:
    expected = _expected(name)
    assert set(table(name)) == {code_form(code) for code in expected}, "a code without an expectation"
    codes = [code for code, meant in expected.items() if meant[0] != LEG_ONLY and not code.endswith("/")]
    if name in BODIES:
        path = tmp_path / "payloads.json"
        path.write_text(json.dumps([BODIES[name](code) for code in codes]), encoding="utf-8")
    else:
        path = _scans_file(tmp_path / "scans.csv", name, codes)
    differing = {
        code: (meant, expected[code])
        for code, meant in zip(codes, _told(path), strict=True)
        if meant != expected[code] and not _leg_is_of_its_type(name, code, meant, expected[code])
    }
    assert differing == {}


def _leg_is_of_its_type(name: str, code: str, meant: Meaning, expected: Meaning) -> bool:
    """A leg that Delhivery's type says by itself, where the row of the code says none."""
    legs = {"RT": "rto", "PP": "rvp", "PU": "rvp", "CN": "rvp", "DTO": "rvp"}
    same = (meant[0], *meant[2:]) == (expected[0], *expected[2:])
    return name == "delhivery" and same and meant[1] == legs.get(code.partition("/")[0])


@pytest.mark.parametrize("name", sorted(table_names()))
def test_tables_hold_statuses_of_the_contract_only(name: str) -> None:
    allowed = {
        entry.name: {*(entry.allowed_values or ()), None, ""}
        for entry in contract("transporter_events").fields
    }
    for code, meant in table(name).items():
        for field in ("status", "leg", "reason", "responsible"):
            assert getattr(meant, field) in allowed[field], f"{name} {code}: {field}"


def test_no_code_is_guessed_to_be_in_transit(tmp_path: Path) -> None:
    names = sorted(table_names() - set(BODIES))
    rows = [
        f"{name},A{place},2026-11-05T10:00:00,NO-SUCH-CODE" for place, name in enumerate([*names, "someone"])
    ]
    path = tmp_path / "scans.csv"
    path.write_text("carrier,awb_no,event_at,status_code\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert {meant[0] for meant in _told(path)} == {"unknown"}


def test_a_carrier_is_found_by_its_other_names() -> None:
    assert table_of("Blue Dart") == table_of("BLUEDART") == "bluedart"
    assert table_of("Delhivery Surface") == "delhivery"
    assert table_of("Nobody") is None
