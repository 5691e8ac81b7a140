"""Random histories of returns: each is a tenant of its own in one warehouse, told step by step."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from tests.factories import NODE, ORIGIN, PLATFORM, TRANSPORTER, World, at, on

SKUS = ("A", "B", "C", "D")
_BATCHES = (None, "L1", "L2")
_SEALS = ("intact", "intact", "intact", "broken", "missing")
_REMARKS = (None, None, None, "clean", "one carton wet")
_STATUSES = ("picked_up", "picked_up", "in_transit", "delivered", "delivered", "partially_delivered", "lost")


@dataclass(slots=True)
class Told:
    """Rows waiting to be copied, by table and columns."""

    rows: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def copy_to(self, connection: psycopg.Connection[Any]) -> int:
        """Copy all of them; how many they were."""
        count = 0
        for (table, columns), rows in self.rows.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier("raw", table), names)
            with connection.cursor().copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            count += len(rows)
        self.rows.clear()
        return count


@dataclass(slots=True)
class BufferedWorld(World):
    """A world that keeps its rows until they are copied together."""

    told: Told = field(default_factory=Told)

    def _write(self, table: str, row: Any) -> None:
        self.told.rows[table, tuple(row)].append(tuple(row.values()))


@dataclass(slots=True)
class History:
    """One tenant's returns, and what was told of them so far."""

    world: BufferedWorld
    roll: Random
    kit: tuple[tuple[str, int], ...] = (("PART", 2), ("D", 1))
    rtvs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    awbs: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Articles, places, invoices and terms."""
        world, roll = self.world, self.roll
        world.places()
        for code in SKUS:
            world.sku(code, brand_code=roll.choice(["BR1", "BR2"]), mrp=roll.choice([90, 100, 110]))
        world.sku("KIT", is_kit=True, mrp=200)
        world.sku("PART", mrp=60)
        for component, qty in self.kit:
            world.insert(
                "kit_components", kit_sku_code="KIT", component_sku_code=component, component_qty=qty
            )
        for code in (*SKUS, "KIT"):
            for _ in range(roll.randint(0, 3)):
                world.dispatch(
                    code,
                    roll.randint(1, 20),
                    batch_no=roll.choice(_BATCHES),
                    unit_price=roll.choice([40, 50, 60]),
                    mrp=100,
                    invoice_on=on(-roll.randint(1, 400)),
                )
        if roll.random() < 0.8:
            world.contract(
                min_shelf_life_pct=roll.choice([None, 40]),
                weight_tolerance_pct=roll.choice([None, 2]),
                cap_pct=roll.choice([None, 30]),
                return_period_days=roll.choice([None, 90]),
            )

    def step(self, day: int) -> None:
        """One or two things happen, or are told late."""
        for _ in range(self.roll.randint(1, 2)):
            deed = self.roll.choice(
                [
                    *(self.announce, self.announce, self.revise, self.scan, self.scan),
                    *(self.receive, self.unpack, self.unpack, self.debit, self.grn),
                ]
            )
            deed(day)

    def announce(self, day: int) -> None:
        """A manifest: on a new consignment, one that others travel on, or none."""
        roll, rtv_no = self.roll, f"R{len(self.rtvs) + 1}"
        shared = self.awbs and roll.random() < 0.3
        awb = roll.choice(self.awbs) if shared else f"AWB-{len(self.awbs) + 1:04d}55"
        if roll.random() < 0.15:
            awb = None
        elif not shared:
            self.awbs.append(awb)
        copied = roll.choice(list(self.rtvs.values())) if self.rtvs and roll.random() < 0.15 else None
        lines = [dict(line) for line in copied] if copied else self._lines()
        self.rtvs[rtv_no] = lines
        self.revisions[rtv_no] = 1
        self._write_manifest(rtv_no, lines, awb, day, 1)

    def _lines(self) -> list[dict[str, Any]]:
        roll, is_named = self.roll, self.roll.random() < 0.3
        return [
            {
                "sku": roll.choice([*SKUS, "KIT"]),
                "qty": roll.randint(1, 6),
                "batch_no": roll.choice(_BATCHES),
                "carton_no": f"K{roll.randint(1, 3)}" if is_named else None,
            }
            for _ in range(roll.randint(1, 4))
        ]

    def _write_manifest(
        self, rtv_no: str, lines: list[dict[str, Any]], awb: str | None, day: int, revision: int
    ) -> None:
        self.world.manifest(
            rtv_no,
            lines,
            awb_no=awb,
            declared_cartons=self.roll.choice([None, 1, 2, 3]),
            declared_weight_kg=self.roll.choice([None, 10]),
            revision_no=revision,
            created_at=at(day, self.roll.randint(0, 600)),
            ownership_model=self.roll.choice([None, "outright", "own_stock"]),
            unit_value=self.roll.choice([40, 50, 60]),
            reason_code=self.roll.choice([None, "EXPIRED"]),
        )
        self.log.append(f"manifest {rtv_no}.{revision} {awb} {lines}")

    def revise(self, day: int) -> None:
        """A later revision of a manifest with other lines."""
        if not self.rtvs:
            return
        rtv_no = self.roll.choice(list(self.rtvs))
        self.revisions[rtv_no] += 1
        self.rtvs[rtv_no] = self._lines()
        awb = self.roll.choice([*self.awbs, None])
        self._write_manifest(rtv_no, self.rtvs[rtv_no], awb, day, self.revisions[rtv_no])

    def _awb(self) -> str:
        """A number as someone else wrote it: the same, in another dress, too long, or unheard of."""
        awb = self.roll.choice([*self.awbs, "STRAY-77001234"])
        return self.roll.choice([awb, awb, awb, awb.lower(), awb.replace("-", " "), f"{awb}X"])

    def scan(self, day: int) -> None:
        """An event of the carrier, sometimes told late, with or without a count."""
        roll = self.roll
        self.world.event(
            self._awb(),
            roll.choice(_STATUSES),
            event_at=at(day - roll.choice([0, 0, 1, 3]), roll.randint(0, 900)),
            cartons=roll.choice([None, 1, 2, 3]),
            weight_kg=roll.choice([None, 9, 10]),
            remark=roll.choice(_REMARKS),
            seal_state=roll.choice([None, "intact", "broken"]),
            leg=roll.choice(["rtv", None, "rto"]),
        )

    def receive(self, day: int) -> None:
        """A handover at the gate."""
        roll = self.roll
        self.world.receipt(
            self._awb(),
            roll.randint(1, 4),
            handover_at=at(day, roll.randint(0, 900)),
            seal_state=roll.choice(_SEALS),
            weight_kg=roll.choice([None, 9, 10]),
            pod_remark=roll.choice(_REMARKS),
            rtv_no=roll.choice([None, None, *self.rtvs]),
        )

    def unpack(self, day: int) -> None:
        """A carton is opened: declared units, others, strangers, kits and parts of kits."""
        roll = self.roll
        items = [
            {
                **(
                    {"code": "4006381333931"}
                    if roll.random() < 0.1
                    else {"sku": roll.choice([*SKUS, "KIT", "PART"])}
                ),
                "qty": roll.randint(1, 5),
                "batch_no": roll.choice(_BATCHES),
                "grade": roll.choice("AAAABCD"),
                "defects": roll.choice([None, None, None, "leaking", "used", "packaging"]),
                "damage_cause": roll.choice([None, "carton", "storage"]),
                "mrp": roll.choice([None, 100, 110]),
                "expiry_on": roll.choice([None, on(day - 3), on(day + 400)]),
                "missing": [{"sku_code": "PART", "qty": 1}] if roll.random() < 0.1 else (),
            }
            for _ in range(roll.randint(1, 4))
        ]
        self.world.capture(
            self._awb(),
            items,
            is_last=roll.random() < 0.4,
            carton_no=roll.choice([None, "K1", "K2", "K3"]),
            rtv_no=roll.choice([None, None, None, *self.rtvs]),
            started_at=at(day, 5),
            ended_at=at(day, 5 + roll.randint(1, 60)),
            video_uri=roll.choice([None, "film/x.mp4"]),
        )

    def debit(self, day: int) -> None:
        """A debit note line, of a return that is known or not."""
        roll = self.roll
        self.world.debit(
            roll.choice([*self.rtvs, "UNKNOWN"]),
            roll.choice(SKUS),
            roll.randint(1, 6),
            unit_value=roll.choice([40, 50, 60]),
            debited_on=on(day),
        )

    def grn(self, day: int) -> None:
        """A line of the receiver's own count."""
        roll = self.roll
        self.world.insert(
            "goods_receipts",
            node_code=NODE,
            grn_no=f"GRN-{next(iter(self.world._numbers))}",
            grn_on=on(day),
            awb_no=self._awb(),
            rtv_no=roll.choice([None, *self.rtvs]),
            line_no=str(roll.randint(1, 9)),
            sku_code=roll.choice(SKUS),
            qty=roll.randint(1, 6),
        )


@dataclass(slots=True)
class CivilHistory(History):
    """A history whose papers do not contradict each other, so that one answer follows from the rulings."""

    kit: tuple[tuple[str, int], ...] = (("PART", 2),)
    homes: dict[str, str] = field(default_factory=dict)

    def step(self, day: int) -> None:
        """Two or three things happen."""
        deeds = (self.announce, self.announce, self.revise, self.scan, self.scan, self.receive)
        for _ in range(self.roll.randint(2, 3)):
            self.roll.choice((*deeds, self.unpack, self.unpack, self.unpack))(day)

    def announce(self, day: int) -> None:
        """A manifest on a consignment of its own or of others; sometimes a copy of another."""
        roll, rtv_no = self.roll, f"R{len(self.rtvs) + 1}"
        copied = roll.choice(list(self.rtvs)) if self.rtvs and roll.random() < 0.1 else None
        if copied or (self.awbs and roll.random() < 0.3):
            awb = self.homes[copied] if copied else roll.choice(self.awbs)
        else:
            awb = f"AWB-{len(self.awbs) + 1:04d}55"
            self.awbs.append(awb)
        self.homes[rtv_no] = awb
        self.rtvs[rtv_no] = [dict(line) for line in self.rtvs[copied]] if copied else self._unnamed_lines()
        self.revisions[rtv_no] = 1
        self._write_manifest(rtv_no, self.rtvs[rtv_no], awb, day, 1)

    def _unnamed_lines(self) -> list[dict[str, Any]]:
        return [line | {"carton_no": None} for line in self._lines()]

    def revise(self, day: int) -> None:
        """A later revision with other lines, on the same consignment."""
        if self.rtvs:
            rtv_no = self.roll.choice(list(self.rtvs))
            self.revisions[rtv_no] += 1
            self.rtvs[rtv_no] = self._unnamed_lines()
            self._write_manifest(rtv_no, self.rtvs[rtv_no], self.homes[rtv_no], day, self.revisions[rtv_no])

    def _awb(self) -> str:
        """A number in another dress, or with a check digit."""
        awb = self.roll.choice(self.awbs)
        return self.roll.choice([awb, awb, awb, awb.lower(), awb.replace("-", " "), f"{awb}7"])

    def scan(self, day: int) -> None:
        """An event of the carrier with or without a count."""
        if self.awbs:
            self.world.event(
                self._awb(),
                self.roll.choice(("picked_up", "picked_up", "in_transit", "delivered")),
                event_at=at(day, self.roll.randint(0, 900)),
                cartons=self.roll.choice([None, 1, 2, 3]),
                leg=self.roll.choice(["rtv", "rtv", None, "rto"]),
            )

    def receive(self, day: int) -> None:
        """A handover at the gate."""
        if self.awbs:
            self.world.receipt(
                self._awb(),
                self.roll.randint(1, 4),
                handover_at=at(day, self.roll.randint(0, 900)),
                seal_state=self.roll.choice(_SEALS),
            )

    def unpack(self, day: int) -> None:
        """A carton is opened: declared units, others, strangers, kits that lack a part."""
        roll = self.roll
        if not self.awbs:
            return
        items = []
        for _ in range(roll.randint(1, 4)):
            sku_code = None if roll.random() < 0.08 else roll.choice([*SKUS, "KIT"])
            items.append(
                {
                    **({"sku": sku_code} if sku_code else {"code": "4006381333931"}),
                    "qty": roll.randint(1, 5),
                    "batch_no": roll.choice(_BATCHES),
                    "grade": roll.choice("AAAABC"),
                    "defects": roll.choice([None, None, None, "leaking", "used", "packaging"]),
                    "mrp": roll.choice([None, 100, 110]),
                    "expiry_on": roll.choice([None, on(-30), on(day + 400)]),
                    "missing": [{"sku_code": "PART", "qty": 1}]
                    if sku_code == "KIT" and roll.random() < 0.2
                    else (),
                }
            )
        self.world.capture(
            self._awb(), items, is_last=roll.random() < 0.5, started_at=at(day, 5), ended_at=at(day, 30)
        )


def begin_histories(
    connection: psycopg.Connection[Any], count: int, seed: int, kind: type[History] = History
) -> tuple[list[History], Told]:
    """So many tenants with their masters; nothing has happened yet."""
    told, numbers = Told(), iter(range(1, 10**9))
    histories = [
        kind(BufferedWorld(connection, f"h{number:05d}", numbers, told), Random(f"{seed}/{number}"))
        for number in range(count)
    ]
    for history in histories:
        history.begin()
    return histories, told


__all__ = ["ORIGIN", "PLATFORM", "TRANSPORTER", "CivilHistory", "History", "Told", "begin_histories"]
