"""Valid records of every canonical contract, made from the contracts themselves, for tests of intake."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from ingest.contracts.registry import Contract, Field, contracts

Record = dict[str, Any]


def gtin13(number: int) -> str:
    """A GTIN-13 with its check digit."""
    body = f"890{number:09}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


def _value(field: Field, number: int) -> Any:
    plain = {
        "text": f"{field.name}-{number}",
        "gtin": gtin13(number),
        "tz": "Asia/Kolkata",
        "bool": "true",
        "sha256": hashlib.sha256(f"{field.name}{number}".encode()).hexdigest(),
        "int": "3",
        "posint": "2",
        "nonnegint": "4",
        "decimal": "1.5",
        "money": "10.25",
        "pct": "18",
        "date": f"2026-10-{number % 28 + 1:02}",
        "expiry": "2027-03-31",
        "timestamp": f"2026-11-01T10:{number % 60:02}:00+05:30",
    }
    if field.kind == "enum":
        return field.allowed_values[number % len(field.allowed_values)]
    if field.kind == "list":
        return "|".join((field.allowed_values or ("one", "two"))[:2])
    if field.kind == "record":
        return {inner.name: _value(inner, number) for inner in field.fields}
    if field.kind == "records":
        return [
            {inner.name: _value(inner, number + item) for inner in field.fields} | _numbered(field, item)
            for item in range(2)
        ]
    return plain[field.kind]


def _numbered(field: Field, item: int) -> Record:
    names = {inner.name for inner in field.fields}
    return {"item_no": str(item + 1)} if "item_no" in names else {}


def record(contract_name: str, number: int = 1, **changes: Any) -> Record:
    """One valid record; another number gives another natural key."""
    found = contracts()[contract_name]
    values = {field.name: _value(field, number) for field in found.fields}
    if contract_name == "debit_notes":
        values["total_amount"] = "30.75"
    if contract_name == "footage":
        values["ended_at"] = values["started_at"]
    return values | changes


def write_csv(path: Path, records: list[Record], **options: Any) -> Path:
    """Write records as CSV; nested values as JSON text."""
    with path.open("w", newline="", encoding=options.pop("encoding", "utf-8")) as stream:
        writer = csv.DictWriter(stream, list(records[0]), **options)
        writer.writeheader()
        for entry in records:
            writer.writerow({k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in entry.items()})
    return path


def write_jsonl(path: Path, records: list[Record]) -> Path:
    """Write records as JSON Lines."""
    path.write_text("".join(json.dumps(entry) + "\n" for entry in records), encoding="utf-8")
    return path


def current_columns(contract: Contract) -> list[str]:
    """The columns of a contract that stand in its raw table under their own name."""
    return [field.name for field in contract.fields if field.kind not in ("record", "records")]
