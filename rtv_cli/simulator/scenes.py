"""Which moments of a world are worth a film: handovers and unboxings that a discrepancy points at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.model import Camera, Return
from rtv_cli.simulator.papers.bay import SECONDS_AN_ITEM, SECONDS_TO_FIRST_ITEM, opened_cartons
from rtv_cli.simulator.truth import discrepancies
from rtv_cli.simulator.world import returns_of

LEAD = timedelta(seconds=15)
TAIL = timedelta(seconds=15)
HANDOVER = timedelta(seconds=30)
GATE_RULES = (
    "carton_short_at_pickup",
    "carton_lost_in_transit",
    "carton_short_at_gate",
    "goods_without_manifest",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A code held to the camera, from and until, in true time."""

    code: str
    symbology: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Scene:
    """One stretch of film of one camera, in true time."""

    camera: Camera
    title: str
    started_at: datetime
    ended_at: datetime
    cartons: int
    shown: tuple[Shown, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def camera_started_at(self) -> datetime:
        """When it began by the camera's own clock."""
        return self.started_at + timedelta(seconds=self.camera.clock_offset_seconds)


def pick_scenes(world: World, count: int) -> list[Scene]:
    """The first `count` scenes, rules in turn, never two of one camera at a time."""
    by_rule: dict[str, list[Scene]] = {}
    for case in returns_of(world):
        rules = sorted({row.rule_code for row in discrepancies(case, world)})
        for rule_code in rules:
            found = by_rule.setdefault(rule_code, [])
            if len(found) < count:
                found.extend(_scenes_of(case, world, rule_code))
        if len(by_rule) > 8 and all(len(found) >= count for found in by_rule.values()):
            break
    picked: list[Scene] = []
    queues = [iter(by_rule[rule_code]) for rule_code in sorted(by_rule)]
    while queues and len(picked) < count:
        for queue in list(queues):
            scene = next((found for found in queue if not _overlaps(found, picked)), None)
            if scene is None:
                queues.remove(queue)
            elif len(picked) < count:
                picked.append(scene)
    return picked


def _overlaps(scene: Scene, others: list[Scene]) -> bool:
    return any(
        other.camera == scene.camera
        and other.started_at < scene.ended_at
        and scene.started_at < other.ended_at
        for other in others
    )


def _scenes_of(case: Return, world: World, rule_code: str) -> Iterator[Scene]:
    if not case.is_at_gate:
        return
    camera = world.camera_at(case.destination.node_code, case.bay_code)
    if rule_code in GATE_RULES:
        yield _handover(case, camera)
    else:
        yield from _unboxings(case, camera)


def _handover(case: Return, camera: Camera) -> Scene:
    at = case.handover_at
    label = Shown(case.awb_no, "Code128", at - timedelta(seconds=4), at + timedelta(seconds=8))
    arrived = len(case.cartons_after("pickup", "transit", "gate"))
    return Scene(camera, f"handover {case.awb_no}", at - HANDOVER, at + HANDOVER, arrived, (label,))


def _unboxings(case: Return, camera: Camera) -> Iterator[Scene]:
    """One scene a consignment: its cartons are opened one after the other."""
    opened = opened_cartons(case)
    if not opened:
        return
    shown: list[Shown] = []
    for _, at, piles in opened:
        shown.append(Shown(case.awb_no, "Code128", at + timedelta(seconds=1), at + timedelta(seconds=9)))
        for place, pile in enumerate(piles):
            seen_at = at + timedelta(seconds=SECONDS_TO_FIRST_ITEM + SECONDS_AN_ITEM * place)
            code = pile.sku.gtin if pile.sku else pile.foreign_code
            shown.append(Shown(code, "EAN13", seen_at - timedelta(seconds=1), seen_at + timedelta(seconds=3)))
    last_at = shown[-1].until_at
    yield Scene(camera, f"unboxing {case.awb_no}", opened[0][1] - LEAD, last_at + TAIL, 1, tuple(shown))
