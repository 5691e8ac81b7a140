"""The standing part of a world: parties, nodes, cameras, articles, prices and terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rtv_cli.simulator import names
from rtv_cli.simulator.codes import GOODS_PREFIX, ean13
from rtv_cli.simulator.dice import between, dice
from rtv_cli.simulator.model import Batch, Camera, Node, Party, Platform, Sku
from rtv_cli.simulator.sizes import Size

INDIA = "Asia/Kolkata"
FIRST_DEFAULT_AS_OF = datetime(2026, 11, 16, 6, 30, tzinfo=UTC)


def default_as_of(seed: int) -> datetime:
    """The instant at which a world of this seed is looked at; never the clock on the wall."""
    return FIRST_DEFAULT_AS_OF + timedelta(days=seed % 7)


@dataclass(slots=True)
class World:
    """Everything that stands before the first return is sent."""

    seed: int
    size: Size
    as_of: datetime
    parties: list[Party] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    cameras: list[Camera] = field(default_factory=list)
    platforms: list[Platform] = field(default_factory=list)
    transporters: list[tuple[str, str]] = field(default_factory=list)
    skus: dict[str, list[Sku]] = field(default_factory=dict)
    kits: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def starts_on(self) -> date:
        """The day from which contracts and playbooks hold."""
        return self.as_of.date() - timedelta(days=500)

    def receiving_nodes(self, brand_code: str) -> list[Node]:
        """The nodes that take this brand's returns."""
        return [node for node in self.nodes if brand_code in node.brand_codes]

    def node(self, node_code: str) -> Node:
        """The node of that code."""
        return next(node for node in self.nodes if node.node_code == node_code)

    def listed(self, brand_code: str) -> list[Sku]:
        """The brand's articles that platforms still list."""
        return [sku for sku in self.skus[brand_code] if not (sku.is_delisted or sku.is_rare)]

    def rare(self, brand_code: str) -> Sku:
        """The brand's article that hardly anybody sells."""
        return next(sku for sku in self.skus[brand_code] if sku.is_rare)

    def components(self, kit: Sku) -> list[tuple[Sku, int]]:
        """What a kit is made of, and how many of each."""
        by_code = {sku.sku_code: sku for sku in self.skus[kit.brand_code]}
        return [(by_code[part], qty) for kit_code, part, qty in self.kits if kit_code == kit.sku_code]

    def delisted(self, brand_code: str) -> list[Sku]:
        """The brand's articles that are on no manifest any more."""
        return [sku for sku in self.skus[brand_code] if sku.is_delisted]

    def party_role(self, party_code: str) -> str:
        """The role of a party."""
        return next(party.party_role for party in self.parties if party.party_code == party_code)

    def camera_at(self, node_code: str, bay_code: str) -> Camera:
        """The camera over a bay."""
        return next(c for c in self.cameras if (c.node_code, c.bay_code) == (node_code, bay_code))


def price_of(platform: Platform, sku: Sku) -> int:
    """What the platform pays for a unit, without tax: the same on all its invoices."""
    return sku.mrp_minor * platform.price_pct // 100


def platform_sku(platform_code: str, sku: Sku) -> str:
    """The platform's own code of an article."""
    return f"{platform_code[:3]}{sku.gtin[4:12]}"


def batch_of(sku: Sku, made_on: date) -> Batch | None:
    """The batch of an article that was made in that month; none where the brand prints no batches."""
    if sku.shelf_life_days is None:
        return None
    first = made_on.replace(day=1)
    return Batch(
        f"{sku.brand_code[0]}{first:%y%m}{sku.gtin[9:12]}", first + timedelta(days=sku.shelf_life_days)
    )


def make_catalogue(size: Size, seed: int, as_of: datetime) -> World:
    """Make the standing part of the world of this seed."""
    world = World(seed, size, as_of)
    _add_brands(world)
    _add_platforms(world)
    for code, name, series in names.TRANSPORTERS:
        world.parties.append(_party(code, name, "transporter", "27"))
        world.transporters.append((code, series))
    _add_receivers(world)
    _add_cameras(world)
    return world


def _party(code: str, name: str, role: str, state_code: str) -> Party:
    return Party(code, f"{name} (synthetic)", role, state_code)


def _add_brands(world: World) -> None:
    for rank, segment in enumerate(names.SEGMENTS):
        state = names.STATES[segment.city]
        world.parties.append(_party(segment.brand_code, segment.brand_name, "brand", state))
        world.skus[segment.brand_code] = _skus_of(world, rank, segment)


def _skus_of(world: World, rank: int, segment: names.Segment) -> list[Sku]:
    count = world.size.skus_a_brand
    roll = dice(world.seed, "skus", segment.brand_code)
    made: list[Sku] = []
    for number in range(1, count + 1):
        mrp = between(roll, *segment.mrp_range) * 100
        category = segment.categories[number % len(segment.categories)]
        is_kit = segment.has_kits and number % 3 == 0
        made.append(
            Sku(
                sku_code=f"{segment.brand_code}-{number:04d}",
                gtin=ean13(GOODS_PREFIX, rank * 1_000_000 + world.seed % 1_000 * 1_000 + number),
                title=f"{roll.choice(segment.words)} {category} {number} (synthetic)",
                brand_code=segment.brand_code,
                category=category,
                mrp_minor=mrp,
                unit_cost_minor=mrp * between(roll, 28, 40) // 100,
                hsn_code=segment.hsn_code,
                gst_pct=segment.gst_pct,
                shelf_life_days=segment.shelf_life_days,
                case_pack_qty=(6, 12, 24)[number % 3],
                is_kit=is_kit,
                unit_grams=between(roll, 80, 600),
                is_delisted=number > count - 2,
                is_rare=number == count - 2,
            )
        )
    parts = [sku for sku in made if not (sku.is_kit or sku.is_delisted or sku.is_rare)]
    for sku in made:
        if sku.is_kit:
            for part in roll.sample(parts, 3):
                world.kits.append((sku.sku_code, part.sku_code, between(roll, 1, 2)))
    return made


def _add_platforms(world: World) -> None:
    rows = [
        *names.PLATFORMS,
        (names.REMOVAL_PLATFORM, "Removal-report marketplace", "own_stock", 60, False, False, False),
    ]
    cities = iter(names.ORIGIN_CITIES)
    for rank, (code, name, model, price, cartons, batches, naive) in enumerate(rows):
        world.parties.append(_party(code, name, "platform", "06"))
        is_removal = code == names.REMOVAL_PLATFORM
        origins = (
            1 if is_removal else 1 + (rank < world.size.extra_origins) + (rank < world.size.extra_origins - 4)
        )
        nodes = []
        for number in range(1, origins + 1):
            city = next(cities)
            node_code = names.REMOVAL_ORIGIN if code == names.REMOVAL_PLATFORM else f"{code[:3]}-FC{number}"
            nodes.append(Node(node_code, f"{name} {city} (synthetic)", "platform_fc", code, INDIA, city))
        world.nodes.extend(nodes)
        world.platforms.append(
            Platform(code, model, price, cartons, batches, naive, is_removal, tuple(nodes))
        )


def _add_receivers(world: World) -> None:
    bays = tuple(f"BAY-{number}" for number in range(1, world.size.bays_a_node + 1))
    for segment in names.SEGMENTS:
        name = f"{segment.brand_name} {segment.city} (synthetic)"
        code = f"{segment.brand_code}-DC1"
        brand = segment.brand_code
        world.nodes.append(Node(code, name, "brand_fc", brand, INDIA, segment.city, (brand,), bays))
    for code, name, city, brands in names.CFAS:
        world.parties.append(_party(code, name, "cfa", names.STATES[city]))
        world.nodes.append(
            Node(f"{code}-1", f"{name} {city} (synthetic)", "cfa", code, INDIA, city, brands, bays)
        )
    name = "Garudra cross-border hub (synthetic)"
    code = names.REMOVAL_DESTINATION
    world.nodes.append(Node(code, name, "hub", "GARUDRA", "Asia/Dubai", "Dubai", ("GIF",), bays))


def _add_cameras(world: World) -> None:
    roll = dice(world.seed, "cameras")
    for node in world.nodes:
        for bay_code in node.bay_codes:
            offset = 0 if roll.random() < 0.6 else between(roll, -9, 9)
            world.cameras.append(
                Camera(
                    f"CAM-{node.node_code}-{bay_code[-1]}", node.node_code, bay_code, offset, node.timezone
                )
            )
