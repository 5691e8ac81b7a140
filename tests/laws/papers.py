"""What the raw rows of a civil history say together: revisions, duplicates, consignments, cartons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
RECEIVED = ("accepted_qty", "condition_failed_qty", "excess_qty", "substituted_qty", "foreign_qty")
Line = tuple[str, str | None, str | None]  # RTV, SKU, batch
INDIA = ZoneInfo("Asia/Kolkata")
PICKUP_DUE_DAYS, LOST_AFTER_DAYS = 20, 15
QUANTITIES = (
    "declared_qty", "received_qty", "accepted_qty", "condition_failed_qty", "short_qty",
    "wrong_item_in_place_qty", "pending_qty", "excess_qty", "substituted_qty", "foreign_qty",
)  # fmt: skip


@dataclass(slots=True)
class Consignment:
    """A physical movement and what was told of it."""

    awb_no: str
    rtvs: list[str] = field(default_factory=list)
    declared_cartons: int | None = None
    picked_up: int | None = None
    delivered: int | None = None
    gate: int | None = None
    first_pickup_at: datetime | None = None
    first_handover_at: datetime | None = None
    is_arrived: bool = False
    is_complete: bool = False
    is_lost: bool = False
    unsealed: int = 0
    captures: list[Row] = field(default_factory=list)

    def missing(self) -> dict[str, int]:
        """Cartons missing a leg (28)."""
        declared, taken = self.declared_cartons, self.picked_up
        stood = taken if taken is not None else declared
        given = self.delivered if self.delivered is not None else self.gate
        found = {"carton_short_at_pickup": 0, "carton_lost_in_transit": 0, "carton_short_at_gate": 0}
        if declared is not None and taken is not None:
            found["carton_short_at_pickup"] = max(declared - taken, 0)
        if stood is not None and given is not None:
            found["carton_lost_in_transit"] = max(stood - given, 0)
        if self.delivered is not None and self.gate is not None:
            found["carton_short_at_gate"] = max(self.delivered - self.gate, 0)
        return found


class Papers:
    """One tenant's raw rows, by contract, read together as of an instant."""

    def __init__(self, rows: dict[str, list[Row]], as_of: datetime) -> None:
        self.rows, self.as_of = rows, as_of
        self.skus = {row["sku_code"]: row for row in rows["skus"]}
        self.manifests = self._newest_revisions()
        self.first_created_at = self._first_created_at()
        self.duplicates = self._duplicates()
        self.consignments = self._consignments()

    def _newest_revisions(self) -> dict[str, list[Row]]:
        newest: dict[str, int] = {}
        for row in self.rows["rtv_manifests"]:
            newest[row["rtv_no"]] = max(newest.get(row["rtv_no"], 0), row["revision_no"] or 1)  # 4
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows["rtv_manifests"]:
            if (row["revision_no"] or 1) == newest[row["rtv_no"]]:
                found[row["rtv_no"]].append(row)
        return found

    def _first_created_at(self) -> dict[str, datetime]:
        told: dict[str, tuple[int, datetime]] = {}
        for row in self.rows["rtv_manifests"]:
            this = (row["revision_no"] or 1, datetime.fromisoformat(row["created_at"]))
            told[row["rtv_no"]] = min(told.get(row["rtv_no"], this), this)
        return {rtv_no: created_at for rtv_no, (_, created_at) in told.items()}

    def _age(self, rtv_no: str) -> tuple[datetime, str]:
        return self.first_created_at[rtv_no], rtv_no

    def _duplicates(self) -> set[str]:
        groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for rtv_no, rows in self.manifests.items():
            lines = Counter((row["platform_sku"], row["batch_no"], row["qty"]) for row in rows)
            groups[frozenset(lines.items()), rows[0]["awb_no"]].append(rtv_no)
        return {
            rtv_no
            for (_, awb_no), named in groups.items()
            if awb_no
            for rtv_no in sorted(named, key=self._age)[1:]
        }  # 37

    def _declared(self) -> dict[str, Counter[Line]]:
        found: dict[str, Counter[Line]] = {}
        for rtv_no, rows in self.manifests.items():
            counted: Counter[Line] = Counter()
            for row in rows:
                counted[rtv_no, row["platform_sku"].removeprefix("P-"), row["batch_no"]] += row["qty"]
            found[rtv_no] = counted
        return found

    def _consignments(self) -> dict[str, Consignment]:
        found: dict[str, Consignment] = {}
        for rtv_no in sorted(self.manifests, key=self._age):
            rows = self.manifests[rtv_no]
            one = found.setdefault(rows[0]["awb_no"], Consignment(rows[0]["awb_no"]))
            if rtv_no in self.duplicates:
                continue
            one.rtvs.append(rtv_no)
            written = max((row["declared_cartons"] for row in rows if row["declared_cartons"]), default=None)
            cartons = written or len({row["carton_no"] for row in rows if row["carton_no"]}) or None
            # 3: of several RTVs one without a count leaves the sum unknown.
            if len(one.rtvs) == 1:
                one.declared_cartons = cartons
            elif one.declared_cartons is not None:
                one.declared_cartons = None if cartons is None else one.declared_cartons + cartons
        for name, tell in (
            ("transporter_events", self._tell_event),
            ("gate_receipts", self._tell_receipt),
            ("qc_captures", self._tell_capture),
        ):
            ordered = sorted(self.rows[name], key=lambda row: row.get("event_at") or "")
            for row in ordered:
                one_told = self._of_number(found, row["awb_no"])
                if one_told is not None:
                    tell(one_told, row)
        for one in found.values():
            numbers = {row["carton_no"] for row in one.captures if row["carton_no"]}
            is_counted = one.gate is not None and len(numbers) >= one.gate
            one.is_complete = any(row["is_last_carton"] for row in one.captures) or (
                bool(one.captures) and is_counted
            )  # 23
            limit = timedelta(days=LOST_AFTER_DAYS)
            one.is_lost = (
                one.first_pickup_at is not None
                and not (one.is_arrived or one.captures)
                and self.as_of > one.first_pickup_at + limit
            )  # 35
        return found

    def _of_number(self, found: dict[str, Consignment], written: str) -> Consignment | None:
        """17: equal, equal in normal form, equal but for one trailing character."""
        if written in found:
            return found[written]
        forms = {awb: "".join(filter(str.isalnum, awb.upper())) for awb in found}
        form = "".join(filter(str.isalnum, written.upper()))
        alike = [awb for awb, other in forms.items() if other == form]
        if len(alike) == 1:
            return found[alike[0]]
        close = [
            awb
            for awb, other in forms.items()
            if (len(other) >= 9 and other[:-1] == form) or (len(form) >= 9 and form[:-1] == other)
        ]
        return found[close[0]] if not alike and len(close) == 1 else None

    def _tell_event(self, one: Consignment, row: Row) -> None:
        if row["leg"] not in (None, "rtv"):  # 7
            return
        count, at = row["cartons"], datetime.fromisoformat(row["event_at"])
        if row["status"] == "picked_up":
            one.first_pickup_at = min(one.first_pickup_at or at, at)
            one.picked_up = count if count is not None else one.picked_up  # 8: in order of time
        elif row["status"] == "delivered":
            one.is_arrived = True
            one.delivered = count if count is not None else one.delivered

    def _tell_receipt(self, one: Consignment, row: Row) -> None:
        at = datetime.fromisoformat(row["handover_at"])
        one.is_arrived = True
        one.first_handover_at = min(one.first_handover_at or at, at)
        one.gate = (one.gate or 0) + row["cartons_received"]
        one.unsealed += row["seal_state"] != "intact"

    def _tell_capture(self, one: Consignment, row: Row) -> None:
        one.captures.append(row)


def rows_of(tables: dict[str, Iterable[Row]]) -> dict[str, list[Row]]:
    """Rows by contract, with the items of a capture in it."""
    rows = {name: list(found) for name, found in tables.items()}
    missing = {(row["capture_id"], row["item_no"]) for row in rows.pop("qc_capture_missing_components")}
    items: dict[str, list[Row]] = defaultdict(list)
    for item in rows.pop("qc_capture_items"):
        items[item["capture_id"]].append(item | {"missing": (item["capture_id"], item["item_no"]) in missing})
    for capture in rows["qc_captures"]:
        capture["items"] = items[capture["capture_id"]]
    return rows
