"""What is true of the units of returns, worked out again from the rulings in plain Python.

It knows civil histories: every RTV travels on one consignment, captures name no RTV and no carton, and no
unit is a loose component. Numbers in comments are the rulings that decide; where they are silent (which of
two units is surplus) what was scanned first is placed first, and no batch is not the same batch as none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product

from tests.laws.papers import INDIA, PICKUP_DUE_DAYS, QUANTITIES, Consignment, Line, Papers, Row


@dataclass(slots=True)
class Unit:
    """Scanned units of one item; `qty` is what has found no room yet."""

    sku_code: str
    batch_no: str | None
    is_failed: bool
    qty: int


@dataclass(slots=True)
class Answer:
    """The quantities of every line, and discrepancies by rule: RTV or AWB, SKU, batch, quantity."""

    lines: dict[Line, dict[str, int]]
    discrepancies: Counter[tuple[object, ...]]


class Oracle(Papers):
    """What follows from one tenant's papers for its units."""

    def answer(self) -> Answer:
        """Lines and discrepancies."""
        lines: dict[Line, dict[str, int]] = {}
        found: Counter[tuple[object, ...]] = Counter()
        for rtv_no, declared in self._declared().items():
            for key, qty in declared.items():
                lines[key] = dict.fromkeys(QUANTITIES, 0) | {"declared_qty": qty, "pending_qty": qty}
            if rtv_no in self.duplicates:
                for key, qty in declared.items():
                    lines[key] |= {"short_qty": qty, "pending_qty": 0}
        for consignment in self.consignments.values():
            self._tell_cartons(consignment, found)
            if consignment.rtvs:
                self._tell_units(consignment, lines, found)
        return Answer(lines, found)

    def _is_without_goods(self, one: Consignment, rtv_no: str) -> bool:
        """36: nothing ever moved and the pickup is overdue."""
        moved = one.first_pickup_at or one.first_handover_at or one.captures
        return not moved and self.as_of > self.first_created_at[rtv_no] + timedelta(days=PICKUP_DUE_DAYS)

    def _tell_cartons(self, one: Consignment, found: Counter[tuple[object, ...]]) -> None:
        if all(self._is_without_goods(one, rtv_no) for rtv_no in one.rtvs):  # 36: no other rule fires
            return
        for rule, missing in one.missing().items():
            if missing:
                found[rule, one.awb_no, None, None, missing] += 1
        known = next((n for n in (one.delivered, one.picked_up, one.declared_cartons) if n is not None), None)
        if one.gate is not None and known is not None and one.gate > known:
            found["carton_excess", one.awb_no, None, None, one.gate - known] += 1
        if one.unsealed:
            found["seal_broken", one.awb_no, None, None, one.unsealed] += 1
        if one.is_lost:
            stood = one.picked_up if one.picked_up is not None else one.declared_cartons
            found["consignment_lost", one.awb_no, None, None, stood or 0] += 1

    def _pickup_on(self, one: Consignment) -> date:
        opened = [datetime.fromisoformat(row["started_at"]) for row in one.captures]
        at = one.first_pickup_at or one.first_handover_at or min(opened)  # 47
        return at.astimezone(INDIA).date()

    def _is_failed(self, one: Consignment, item: Row, sku_code: str) -> bool:
        defects = set((item["defects"] or "").split("|"))
        if defects & {"used", "tampered", "damaged", "leaking"} or item["grade"] in ("C", "D"):  # 45
            return True
        if item["missing"] and self.skus[sku_code]["is_kit"]:
            return True
        picked_on = self._pickup_on(one)
        if item["expiry_on"] and item["expiry_on"] <= picked_on:
            return True
        sold = [row for row in self.rows["dispatches"] if row["sku_code"] == sku_code]
        batches = {row["batch_no"] for row in sold}
        if item["batch_no"] and sold and None not in batches and item["batch_no"] not in batches:  # 49
            return True
        own = [row for row in sold if item["batch_no"] and row["batch_no"] == item["batch_no"]]
        right = {row["mrp"] for row in own or sold if row["mrp"] is not None} or {self.skus[sku_code]["mrp"]}
        return item["mrp"] is not None and item["mrp"] not in right  # 48

    def _tell_units(
        self, one: Consignment, lines: dict[Line, dict[str, int]], found: Counter[tuple[object, ...]]
    ) -> None:
        units: list[Unit] = []
        foreign = 0
        for capture in sorted(one.captures, key=lambda row: (row["started_at"], row["capture_id"])):
            for item in sorted(capture["items"], key=lambda row: row["item_no"]):
                sku_code = item["sku_code"]
                if sku_code is None:
                    foreign += item["qty"]
                    found["foreign_item", one.rtvs[0], None, None, item["qty"]] += 1
                    continue
                failed = self._is_failed(one, item, sku_code)
                units.append(Unit(sku_code, item["batch_no"], failed, item["qty"]))
        filled = self._fill(one, units, lines)
        surplus = self._surplus(one, units, lines)
        if foreign:
            key = (one.rtvs[0], None, None)
            lines.setdefault(key, dict.fromkeys(QUANTITIES, 0))["foreign_qty"] += foreign
        for key, (failed, sound) in filled.items():
            lines[key]["condition_failed_qty"] += failed
            lines[key]["accepted_qty"] += sound
        unsent = {rtv_no for rtv_no in one.rtvs if self._is_without_goods(one, rtv_no)}
        for rtv_no in unsent:
            declared = sum(row["declared_qty"] for key, row in lines.items() if key[0] == rtv_no)
            found["debit_without_goods", rtv_no, None, None, declared] += 1
            for key, row in lines.items():
                if key[0] == rtv_no:
                    row |= {"short_qty": row["declared_qty"], "pending_qty": 0}
        own = [key for key in lines if key[0] in one.rtvs and key[0] not in unsent]
        is_done = one.is_complete or one.is_lost
        unseen = {key: lines[key]["declared_qty"] - sum(filled.get(key, (0, 0))) for key in own}
        for key in own:
            lines[key]["excess_qty"] = surplus.get(key, 0)
            lines[key]["pending_qty"] = 0 if is_done else unseen[key]
            lines[key]["short_qty"] = unseen[key] if is_done else 0
        if is_done:
            net = self._after_legs(one, unseen)
            for rtv_no in one.rtvs:
                self._pair(rtv_no, net, surplus, lines, found)
            for key in own:
                if net.get(key, 0):
                    found["unit_short", *key, net[key]] += 1
                if lines[key]["excess_qty"]:
                    found["unit_excess", *key, lines[key]["excess_qty"]] += 1
        for key in own:
            row = lines[key]
            row["received_qty"] = sum(
                row[name]
                for name in (
                    "accepted_qty",
                    "condition_failed_qty",
                    "excess_qty",
                    "substituted_qty",
                    "foreign_qty",
                )
            )

    def _fill(
        self,
        one: Consignment,
        units: list[Unit],
        lines: dict[Line, dict[str, int]],
    ) -> dict[Line, tuple[int, int]]:
        """19: three passes; what is left in `units` found no room."""
        room = {key: row["declared_qty"] for key, row in lines.items() if key[0] in one.rtvs}
        filled: dict[Line, list[int]] = {key: [0, 0] for key in room}
        ordered = sorted(room, key=lambda key: (self._age(key[0]), key[2] is None, key[2] or ""))
        for number, is_failed in product((1, 2, 3), (True, False)):
            for key in ordered:
                for unit in units:
                    if unit.sku_code != key[1] or unit.is_failed is not is_failed:
                        continue
                    is_same = key[2] is not None and unit.batch_no == key[2]
                    if (number == 1 and not is_same) or (number == 2 and key[2] is not None):
                        continue
                    taken = min(unit.qty, room[key])
                    unit.qty -= taken
                    room[key] -= taken
                    filled[key][not is_failed] += taken
        return {key: (counts[0], counts[1]) for key, counts in filled.items()}

    def _surplus(
        self,
        one: Consignment,
        units: list[Unit],
        lines: dict[Line, dict[str, int]],
    ) -> Counter[Line]:
        """20: on the oldest RTV that declares the SKU, else the oldest."""
        declaring = {
            (key[0], key[1]) for key, row in lines.items() if row["declared_qty"] and key[0] in one.rtvs
        }
        surplus: Counter[Line] = Counter()
        for unit in units:
            if unit.qty:
                rtv_no = next((rtv for rtv in one.rtvs if (rtv, unit.sku_code) in declaring), one.rtvs[0])
                surplus[rtv_no, unit.sku_code, unit.batch_no] += unit.qty
        for key in surplus:
            lines.setdefault(key, dict.fromkeys(QUANTITIES, 0))
        return surplus

    def _after_legs(self, one: Consignment, unseen: dict[Line, int]) -> dict[Line, int]:
        """What of the unseen units the legs do not explain (30, 35)."""
        if one.is_lost:
            return {}
        left = {key: qty for key, qty in unseen.items() if qty > 0}
        declared = self._units_of(one)
        for missing in one.missing().values():
            if not missing or not one.declared_cartons:
                continue
            share = Fraction(min(missing, one.declared_cartons), one.declared_cartons)
            total = min(int(sum(declared.values()) * share + Fraction(1, 2)), sum(left.values()))
            self._deal(total, {key: declared[key] * share for key in declared}, left)
        return left

    def _units_of(self, one: Consignment) -> dict[Line, int]:
        declared = self._declared()
        return {key: qty for rtv_no in one.rtvs for key, qty in declared[rtv_no].items()}

    @staticmethod
    def _deal(total: int, shares: dict[Line, Fraction], left: dict[Line, int]) -> None:
        """Floors first, then one by one by largest fraction; a full line passes its share on."""
        ordered = sorted(
            (key for key in shares if left.get(key, 0)),
            key=lambda key: (-(shares[key] % 1), key[1] or "", key[2] is None, key[2] or "", key[0]),
        )
        for key in ordered:
            taken = min(int(shares[key]), left[key], total)
            left[key] -= taken
            total -= taken
        while total > 0 and any(left[key] for key in ordered):
            for key in ordered:
                if total > 0 and left[key]:
                    left[key] -= 1
                    total -= 1

    def _pair(
        self,
        rtv_no: str,
        net: dict[Line, int],
        surplus: Counter[Line],
        lines: dict[Line, dict[str, int]],
        found: Counter[tuple[object, ...]],
    ) -> None:
        """43: greedily by brand, category, MRP difference, SKUs and batch."""
        shorts = [key for key in net if key[0] == rtv_no and net[key]]
        extras = [key for key in surplus if key[0] == rtv_no]
        left = {key: surplus[key] for key in extras}
        paired: Counter[Line] = Counter()
        for short, extra in sorted(product(shorts, extras), key=self._likeness):
            if short[1] == extra[1]:
                continue
            qty = min(net[short], left[extra])
            net[short] -= qty
            left[extra] -= qty
            paired[short] += qty
            lines[short]["wrong_item_in_place_qty"] += qty
            lines[short]["short_qty"] -= qty
            lines[extra]["substituted_qty"] += qty
            lines[extra]["excess_qty"] -= qty
        for key, qty in paired.items():
            if qty:
                found["wrong_sku", *key, qty] += 1

    def _likeness(self, pair: tuple[Line, Line]) -> tuple[object, ...]:
        short, extra = pair
        one, other = self.skus[str(short[1])], self.skus[str(extra[1])]
        return (
            one["brand_code"] != other["brand_code"],
            one["category"] != other["category"],
            abs(one["mrp"] - other["mrp"]),
            *(short[1], extra[1]),
            *(short[2] is None, short[2] or "", extra[2] is None, extra[2] or ""),
        )
