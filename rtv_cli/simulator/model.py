"""The made world: who and what there is, and the physical history of each return's units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

Leg = Literal["unsent", "pickup", "transit", "gate", "packing", "pilfered"]
Condition = Literal[
    "sound",
    "damaged",
    "leaking",
    "expired",
    "near_expiry",
    "used",
    "incomplete",
    "strange_batch",
    "strange_mrp",
]
Progress = Literal["declared", "in_transit", "at_gate", "partly_opened", "closed"]


@dataclass(frozen=True, slots=True)
class Sku:
    """An article of a brand; a delisted one is on no manifest any more."""

    sku_code: str
    gtin: str
    title: str
    brand_code: str
    category: str
    mrp_minor: int
    unit_cost_minor: int
    hsn_code: str
    gst_pct: int
    shelf_life_days: int | None
    case_pack_qty: int
    is_kit: bool
    unit_grams: int
    is_delisted: bool = False
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """A brand, platform, transporter or CFA, under an invented name."""

    party_code: str
    party_name: str
    party_role: str
    state_code: str


@dataclass(frozen=True, slots=True)
class Node:
    """A building of a party; receiving ones have bays with a camera each."""

    node_code: str
    node_name: str
    node_role: str
    party_code: str
    timezone: str
    city: str
    brand_codes: tuple[str, ...] = ()
    bay_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera over a bay; `clock_offset_seconds` is how far its clock runs ahead."""

    camera_code: str
    node_code: str
    bay_code: str
    clock_offset_seconds: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Platform:
    """How a platform buys, and what its manifests say."""

    code: str
    ownership_model: str
    price_pct: int
    names_cartons: bool
    names_batches: bool
    writes_naive_times: bool
    is_removal_report: bool
    origin_nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as printed on the unit."""

    batch_no: str
    expiry_on: date


class LineKey(NamedTuple):
    """The SKU and batch of an RTV line; no batch is a batch of its own."""

    sku_code: str | None
    batch_no: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One declared line: the article, the batch its units are of, and the invoice that covers it."""

    key: LineKey
    sku: Sku
    batch: Batch | None
    declared_qty: int
    price_minor: int
    invoice_line_no: int
    invoiced_qty: int


@dataclass(slots=True)
class Pile:
    """Units with one and the same history. `declared` is what the manifest takes them for."""

    qty: int
    carton: int
    declared: LineKey | None
    sku: Sku | None
    batch: Batch | None
    foreign_code: str = ""
    lost_at: Leg | None = None
    condition: Condition = "sound"
    damage_cause: str = ""
    missing_components: tuple[tuple[str, int], ...] = ()
    printed_mrp_minor: int | None = None

    @property
    def is_replaced(self) -> bool:
        """Whether the units are of another article than the manifest takes them for."""
        return (
            self.declared is not None and self.sku is not None and self.sku.sku_code != self.declared.sku_code
        )

    @property
    def grams(self) -> int:
        """What these units weigh."""
        return self.qty * (self.sku.unit_grams if self.sku else 250)


@dataclass(slots=True)
class Carton:
    """A carton: its number on the label, and the leg on which it was lost, if it was."""

    carton_no: str
    lost_at: Leg | None = None
    is_opened: bool = True
    is_surplus: bool = False


@dataclass(slots=True)
class Return:
    """One RTV and its consignment, as they really went."""

    index: int
    platform: Platform
    brand_code: str
    rtv_no: str
    transporter_code: str
    awb_no: str
    origin: Node
    destination: Node
    bay_code: str
    operator_code: str
    created_at: datetime
    picked_up_at: datetime
    delivered_at: datetime
    handover_at: datetime
    opened_at: datetime
    invoice_no: str
    invoiced_at: datetime
    lines: list[Line]
    cartons: list[Carton]
    piles: list[Pile]
    progress: Progress = "closed"
    pod_remark: str = ""
    is_announced: bool = True
    is_debited: bool = False
    is_revised: bool = False
    is_late: bool = False
    is_fresh: bool = False
    refused_reason: str = ""
    lost_papers: tuple[str, ...] = ()
    is_lost: bool = False
    is_seal_broken: bool = False
    repeated_as: str = ""
    debit_surcharge_minor: dict[LineKey, int] = field(default_factory=dict)
    debit_tax_pct: dict[LineKey, int] = field(default_factory=dict)
    touched: set[LineKey] = field(default_factory=set)
    also_invoiced: list[tuple[Sku, Batch | None]] = field(default_factory=list)

    @property
    def is_collected(self) -> bool:
        """Whether the transporter ever took it."""
        return self.progress != "declared"

    @property
    def is_at_gate(self) -> bool:
        """Whether the receiving node has it."""
        return self.progress in ("at_gate", "partly_opened", "closed")

    @property
    def declared_cartons(self) -> list[Carton]:
        """The cartons that the manifest knows of."""
        return [carton for carton in self.cartons if not carton.is_surplus]

    def cartons_after(self, *lost_legs: Leg) -> list[Carton]:
        """The declared cartons that were not lost on any of these legs."""
        return [carton for carton in self.declared_cartons if carton.lost_at not in lost_legs]

    def untouched_lines(self) -> list[Line]:
        """Lines without a fault so far whose SKU stands on one line only."""
        codes = [line.sku.sku_code for line in self.lines]
        return [
            line
            for line in self.lines
            if line.key not in self.touched and codes.count(line.sku.sku_code) == 1
        ]

    def piles_of(self, line: Line) -> list[Pile]:
        """The piles that the manifest takes for this line."""
        return [pile for pile in self.piles if pile.declared == line.key]

    def line_of(self, key: LineKey) -> Line:
        """The declared line of that key."""
        return next(line for line in self.lines if line.key == key)

    def fate_of(self, pile: Pile) -> Leg | None:
        """Where the pile left custody: its own loss, else its carton's."""
        return pile.lost_at or self.cartons[pile.carton].lost_at

    def is_seen(self, pile: Pile) -> bool:
        """Whether the bay has found these units."""
        return self.is_at_gate and self.fate_of(pile) is None and self._is_opened(pile)

    def _is_opened(self, pile: Pile) -> bool:
        if self.progress == "partly_opened":
            return self.cartons[pile.carton].is_opened
        return self.progress == "closed"

    def seen_piles(self) -> Iterator[Pile]:
        """The piles that the bay has found."""
        return (pile for pile in self.piles if self.is_seen(pile))

    def split(self, pile: Pile, qty: int) -> Pile:
        """Take `qty` units out of a pile into one of their own."""
        if qty == pile.qty:
            return pile
        part = Pile(qty, pile.carton, pile.declared, pile.sku, pile.batch, condition=pile.condition)
        pile.qty -= qty
        self.piles.append(part)
        return part
