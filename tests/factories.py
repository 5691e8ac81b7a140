"""Small hand-made worlds: rows written straight into the raw tables, as the loader would leave them."""

from __future__ import annotations

import hashlib
import itertools
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

PLATFORM = "AMZ"
TRANSPORTER = "SAFEX"
ORIGIN = "AMZ-BLR7"
NODE = "CFA-DEL"
BAY = "B1"
DAY = datetime.fromisoformat("2026-11-02T10:00:00+05:30")

Row = Mapping[str, Any]


def at(days: float = 0, minutes: float = 0) -> str:
    """A time as written, some days after the world's first day."""
    return (DAY + timedelta(days=days, minutes=minutes)).isoformat()


def on(days: int = 0) -> date:
    """A date, some days after the world's first day."""
    return DAY.date() + timedelta(days=days)


@dataclass(slots=True)
class World:
    """A warehouse's raw layer, filled row by row; rows without a natural key of their own get a fresh one."""

    connection: psycopg.Connection[Any]
    tenant_code: str = "default"
    _numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1))

    def insert(self, table: str, **columns: Any) -> int:
        """One current row of a raw table; returns its row number."""
        row_no = next(iter(self._numbers))
        known: dict[str, Any] = {
            "tenant_code": self.tenant_code,
            "_file_id": 1,
            "_row_no": row_no,
            "_key_hash": uuid.UUID(
                hashlib.md5(f"{table}:{row_no}".encode(), usedforsecurity=False).hexdigest()
            ),
            **columns,
        }
        self._write(table, known)
        return row_no

    def insert_child(self, table: str, row_no: int, position: int, **columns: Any) -> None:
        """One row nested in a parent row."""
        self._write(
            table,
            {
                "tenant_code": self.tenant_code, "_file_id": 1, "_row_no": row_no, "_position": position,
                **columns,
            },
        )  # fmt: skip

    def _write(self, table: str, row: Row) -> None:
        self.connection.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                sql.Identifier("raw", table),
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(sql.Placeholder() * len(row)),
            ),
            [json.dumps(value) if isinstance(value, dict) else value for value in row.values()],
        )

    def sku(self, sku_code: str, **columns: Any) -> None:
        """A sellable item, listed on the platform under `P-<sku>`."""
        number = f"{int(hashlib.sha256(sku_code.encode()).hexdigest(), 16) % 10**12:012d}"
        self.insert(
            "skus",
            **{
                "sku_code": sku_code, "gtin": "8" + number, "title": f"Item {sku_code}", "brand_code": "BR1",
                "category": "care", "mrp": 100, "unit_cost": 40, "gst_rate": 18, "is_kit": False, **columns,
            },
        )  # fmt: skip
        self.insert("listings", platform_code=PLATFORM, platform_sku=f"P-{sku_code}", sku_code=sku_code)

    def places(self) -> None:
        """The platform, its warehouse, the transporter and the receiving CFA."""
        for code, role in (
            (PLATFORM, "platform"),
            (TRANSPORTER, "transporter"),
            ("CFA1", "cfa"),
            ("BR1", "brand"),
        ):
            self.insert("parties", party_code=code, party_name=code, party_role=role)
        for code, role, party in ((ORIGIN, "platform_fc", PLATFORM), (NODE, "cfa", "CFA1")):
            self.insert(
                "nodes",
                node_code=code,
                node_name=code,
                node_role=role,
                party_code=party,
                timezone="Asia/Kolkata",
            )
        self.insert("cameras", camera_code="CAM-1", node_code=NODE, bay_code=BAY)

    def manifest(self, rtv_no: str, lines: Iterable[Row], *, awb_no: str | None, **columns: Any) -> None:
        """A return document; a line is {sku, qty} and whatever else it writes."""
        for number, line in enumerate(lines, 1):
            own = {key: value for key, value in line.items() if key != "sku"}
            self.insert(
                "rtv_manifests",
                **{
                    "platform_code": PLATFORM, "rtv_no": rtv_no, "revision_no": 1,
                    "ownership_model": "outright", "created_at": at(),
                    "origin_node": ORIGIN, "destination_node": NODE,
                    "transporter_code": TRANSPORTER if awb_no else None, "awb_no": awb_no,
                    "line_no": str(number), "platform_sku": f"P-{line['sku']}",
                    "unit_value": 50, **columns, **own,
                },
            )  # fmt: skip

    def event(self, awb_no: str, status: str, *, event_at: str, **columns: Any) -> None:
        """One scan of the transporter."""
        self.insert(
            "transporter_events",
            **{
                "transporter_code": TRANSPORTER, "awb_no": awb_no, "status": status, "event_at": event_at,
                "leg": "rtv", **columns,
            },
        )  # fmt: skip

    def receipt(self, awb_no: str, cartons: int | None, **columns: Any) -> None:
        """One handover at the gate."""
        self.insert(
            "gate_receipts",
            **{
                "receipt_id": f"G-{next(iter(self._numbers))}", "node_code": NODE, "bay_code": BAY,
                "camera_code": "CAM-1", "awb_no": awb_no, "handover_at": at(4), "cartons_received": cartons,
                "seal_state": "intact", "operator_code": "OP1", **columns,
            },
        )  # fmt: skip

    def capture(
        self,
        awb_no: str,
        items: Iterable[Row],
        *,
        is_last: bool = False,
        steps: Iterable[Row] = (),
        **columns: Any,
    ) -> str:
        """One carton opened; an item is {sku} or {code}, qty and whatever else was noted; steps as shown."""
        capture_id = f"C-{next(iter(self._numbers))}"
        row_no = self.insert(
            "qc_captures",
            **{
                "capture_id": capture_id, "node_code": NODE, "bay_code": BAY, "station_code": "S1",
                "operator_code": "OP1", "awb_no": awb_no, "started_at": at(5), "ended_at": at(5, 10),
                "is_last_carton": is_last, "video_uri": f"film/{capture_id}.mp4", "video_sha256": "0" * 64,
                "video_started_at": at(5), "video_duration_seconds": 600, **columns,
            },
        )  # fmt: skip
        for number, item in enumerate(items, 1):
            own = {key: value for key, value in item.items() if key not in ("sku", "code", "missing")}
            self.insert_child(
                "qc_capture_items", row_no, number,
                **{
                    "capture_id": capture_id, "item_no": number, "sku_code": item.get("sku"),
                    "scanned_code": item.get("code", item.get("sku")), "qty": 1, "grade": "A",
                    "seen_at": at(5, number), **own,
                },
            )  # fmt: skip
            for position, missing in enumerate(item.get("missing", ()), 1):
                self.insert_child(
                    "qc_capture_missing_components", row_no, position,
                    capture_id=capture_id, item_no=number, **missing,
                )  # fmt: skip
        for position, step in enumerate(steps, 1):
            self.insert_child("qc_capture_sop_steps", row_no, position, capture_id=capture_id, **step)
        return capture_id

    def debit(self, rtv_no: str, sku_code: str, qty: int, *, unit_value: int = 50, **columns: Any) -> None:
        """One debit note line with 18 % tax."""
        number = next(iter(self._numbers))
        self.insert(
            "debit_notes",
            **{
                "platform_code": PLATFORM, "debit_note_no": f"DN-{rtv_no}", "debited_on": on(6),
                "rtv_no": rtv_no, "line_no": str(number), "platform_sku": f"P-{sku_code}", "qty": qty,
                "unit_value": unit_value, "tax_amount": qty * unit_value * 18 / 100,
                "total_amount": qty * unit_value * 118 / 100, **columns,
            },
        )  # fmt: skip

    def dispatch(self, sku_code: str, qty: int, **columns: Any) -> None:
        """One invoice line to the platform."""
        number = next(iter(self._numbers))
        self.insert(
            "dispatches",
            **{
                "invoice_no": f"INV-{number}", "invoice_line_no": "1", "invoice_on": on(-60),
                "platform_code": PLATFORM, "ship_from_node": NODE, "ship_to_node": ORIGIN,
                "dispatched_at": at(-60), "sku_code": sku_code, "qty": qty, "unit_price": 50,
                "gst_rate": 18, **columns,
            },
        )  # fmt: skip

    def contract(self, **columns: Any) -> None:
        """A contract in force with the platform."""
        self.insert(
            "contracts_in_force",
            **{"platform_code": PLATFORM, "effective_from": on(-365), "contract_ref": "C-1", **columns},
        )

    def journey(
        self, awb_no: str, *, picked_up: int | None, delivered: int | None, gate: int | None, **receipt: Any
    ) -> None:
        """Pickup, delivery and handover of a consignment, each with its cartons where there is a count."""
        if picked_up is not None:
            self.event(awb_no, "picked_up", event_at=at(1), cartons=picked_up, place=ORIGIN)
        if delivered is not None:
            self.event(awb_no, "delivered", event_at=at(3, 50), cartons=delivered)
        if gate is not None:
            self.receipt(awb_no, gate, **receipt)
