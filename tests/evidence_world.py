"""Returns in pairs: one with all evidence of a rule, one with a single piece of it taken away."""

from __future__ import annotations

from typing import Any

from tests.factories import ORIGIN, World, at, on

FILMED = at(4)
UNFILMED = at(4, 300)
FRESH = "2026-12-30T10:00:00+05:30"
LINE = [{"sku": "A", "qty": 10}]


def tell(world: World) -> None:
    """Write the whole world."""
    world.places()
    world.insert("cameras", camera_code="CAM-2", node_code="CFA-DEL", bay_code="B2")
    world.insert("cameras", camera_code="CAM-3", node_code="CFA-DEL", bay_code="B2")
    world.insert("footage", camera_code="CAM-1", started_at=at(3, 1400), ended_at=at(4, 60), uri="gate.mp4")
    for code in ("A", "B", "EXP"):
        world.sku(code, **({"shelf_life_days": 365} if code == "EXP" else {}))
        world.dispatch(code, 100_000, mrp=100)
    world.sku("BATCHED")
    world.dispatch("BATCHED", 100, mrp=100, batch_no="L1")
    world.sku("KIT", is_kit=True)
    world.dispatch("KIT", 100, mrp=100)
    world.sku("PART")
    world.sku("FEW")
    world.dispatch("FEW", 10, mrp=100)
    for code, invoice_no in (("PAPER", "INV-PAPER"), ("DATA", "INV-DATA")):
        world.sku(code)
        world.dispatch(code, 100, mrp=100, gst_rate=5, invoice_no=invoice_no)
    world.insert("documents", document_type="invoice", document_no="INV-PAPER", document_on=on(-60), uri="i")
    world.contract(weight_tolerance_pct=2, min_shelf_life_pct=40, allowed_reasons="EXPIRED")
    _tell_of_cartons(world)
    _tell_of_seals_and_weights(world)
    _tell_of_units(world)
    _tell_of_papers(world)
    world.receipt("WBLIND", 1, handover_at=FILMED)
    world.receipt("WBLIND-UNFILMED", 1, handover_at=UNFILMED)


def _sent(world: World, rtv: str, lines: list[dict[str, Any]] = LINE, **columns: Any) -> str:
    awb = f"W{rtv}"
    world.manifest(rtv, lines, **{"awb_no": awb, "declared_cartons": 5, **columns})
    return awb


def _opened(
    world: World, rtv: str, items: list[dict[str, Any]], *, filmed: bool = True, **columns: Any
) -> None:
    lines = columns.pop("lines", LINE)
    awb = _sent(world, rtv, lines, declared_cartons=1)
    world.journey(awb, picked_up=1, delivered=1, gate=1, handover_at=UNFILMED)
    film = {} if filmed else {"video_uri": None}
    world.capture(awb, items, is_last=True, **film, **columns)


def _tell_of_cartons(world: World) -> None:
    for rtv, counts in {
        "PICKUP": (4, 4, 4), "PICKUP-UNCOUNTED": (4, None, None),
        "TRANSIT": (5, 4, 4), "TRANSIT-UNCOUNTED": (5, 4, None),
    }.items():  # fmt: skip
        world.journey(
            _sent(world, rtv), picked_up=counts[0], delivered=counts[1], gate=counts[2], handover_at=UNFILMED
        )
    for rtv in ("GONE", "GONE-UNPAPERED"):
        world.event(_sent(world, rtv), "picked_up", event_at=at(1), cartons=5)
    world.insert("documents", document_type="lr", document_no="LR-1", uri="lr", awb_no="WGONE")
    for rtv, handover_at, delivery, receipt in (
        ("GATE", FILMED, {"signed_by": "R. Rao"}, {}),
        ("GATE-UNSIGNED", FILMED, {}, {}),
        ("GATE-UNFILMED", UNFILMED, {"signed_by": "R. Rao"}, {}),
        ("REMARK", UNFILMED, {"remark": "one carton short"}, {}),
        ("REMARK-OWN", UNFILMED, {}, {"pod_remark": "one carton short"}),
        ("REMARK-FILMED", FILMED, {}, {"pod_remark": "one carton short"}),
    ):
        awb = _sent(world, rtv)
        world.event(awb, "picked_up", event_at=at(1), cartons=5)
        world.event(awb, "delivered", event_at=at(3, 50), cartons=5, **delivery)
        world.receipt(awb, 4, handover_at=handover_at, **receipt)
    for rtv, handover_at in (("MORE", FILMED), ("MORE-UNFILMED", UNFILMED)):
        world.journey(_sent(world, rtv), picked_up=5, delivered=5, gate=6, handover_at=handover_at)
    _sent(world, "ALIAS", awb_no="AL 9900-1234")
    world.journey("al99001234", picked_up=4, delivered=4, gate=4)
    for rtv in ("LOOSE-1", "LOOSE-2"):
        _sent(world, rtv, awb_no=None)
        world.receipt("WGONE-UNPAPERED", 4, rtv_no=rtv)


def _tell_of_seals_and_weights(world: World) -> None:
    for rtv, pickup in (("SEAL", {"seal_state": "intact"}), ("SEAL-UNSEEN", {})):
        awb = _sent(world, rtv)
        world.event(awb, "picked_up", event_at=at(1), cartons=5, **pickup)
        world.receipt(awb, 5, seal_state="broken", handover_at=UNFILMED)
    heavy, counted = {"weight_kg": 10}, {"cartons": 1}
    for rtv, pickup, receipt, film in (
        ("SHORT", {**heavy, **counted}, heavy, {}),
        ("SHORT-UNWEIGHED", counted, {}, {}),
        ("SHORT-UNCOUNTED", heavy, heavy, {}),
        ("SHORT-UNFILMED", {**heavy, **counted}, heavy, {"video_uri": None}),
        ("LIGHT", {**heavy, **counted}, {"weight_kg": 8}, {}),
        ("LIGHT-DECLARED", counted, {"weight_kg": 8}, {}),
        ("TORN", {"seal_state": "intact", **counted}, {"seal_state": "broken"}, {}),
        ("TORN-UNSEEN", counted, {"seal_state": "broken"}, {}),
    ):
        weight = {"declared_weight_kg": 10} if rtv == "LIGHT-DECLARED" else {}
        awb = _sent(world, rtv, declared_cartons=1, **weight)
        world.event(awb, "picked_up", event_at=at(1), place=ORIGIN, **pickup)
        world.receipt(awb, 1, handover_at=UNFILMED, **receipt)
        world.capture(awb, [{"sku": "A", "qty": 7}], is_last=True, **film)
    ways = [{"sku": "A", "qty": 10, "awb_no": f"WWAYS-{number}"} for number in (1, 2)]
    world.manifest("WAYS", ways, awb_no="WWAYS-1", declared_cartons=1)
    for awb, seal_state, qty in (("WWAYS-1", "broken", 10), ("WWAYS-2", "intact", 7)):
        world.journey(awb, picked_up=1, delivered=1, gate=1, handover_at=UNFILMED, seal_state=seal_state)
        world.capture(awb, [{"sku": "A", "qty": qty}], is_last=True)


def _tell_of_units(world: World) -> None:
    sound = {"sku": "A", "qty": 9}
    torn = {"sku": "A", "qty": 1, "defects": "damaged", "grade": "C"}
    _opened(world, "STORED", [sound, {**torn, "damage_cause": "storage"}])
    _opened(world, "STORED-UNSAID", [sound, {**torn, "damage_cause": "unknown"}])
    _opened(world, "STORED-UNFILMED", [sound, {**torn, "damage_cause": "storage"}], filmed=False)
    for rtv, item in {
        "USED": {"defects": "used"}, "MRP": {"mrp": 120},
    }.items():  # fmt: skip
        for filmed in (True, False):
            name = rtv if filmed else f"{rtv}-UNFILMED"
            _opened(world, name, [sound, {"sku": "A", "qty": 1, **item}], filmed=filmed)
    old = [{"sku": "EXP", "qty": 10, "expiry_on": on(0)}]
    _opened(world, "EXPIRED", old, lines=[{"sku": "EXP", "qty": 10}])
    awb = _sent(world, "EXPIRED-UNPICKED", [{"sku": "EXP", "qty": 10}], declared_cartons=1)
    world.receipt(awb, 1, handover_at=UNFILMED)
    world.capture(awb, old, is_last=True)
    short_lived = [{"sku": "EXP", "qty": 10, "expiry_on": on(100)}]
    stranger = [{"sku": "BATCHED", "qty": 10, "batch_no": "ZZ"}]
    broken_up = [{"sku": "KIT", "qty": 10, "missing": [{"sku_code": "PART", "qty": 1}]}]
    for filmed in (True, False):
        end = "" if filmed else "-UNFILMED"
        _opened(world, f"NEAR{end}", short_lived, filmed=filmed, lines=[{"sku": "EXP", "qty": 10}])
        _opened(world, f"STRANGER{end}", stranger, filmed=filmed, lines=[{"sku": "BATCHED", "qty": 10}])
        _opened(world, f"KIT{end}", broken_up, filmed=filmed, lines=[{"sku": "KIT", "qty": 10}])
    for filmed in (True, False):
        end = "" if filmed else "-UNFILMED"
        _opened(world, f"EXTRA{end}", [{"sku": "A", "qty": 12}], filmed=filmed)
        _opened(world, f"SWAP{end}", [sound, {"sku": "B", "qty": 1}], filmed=filmed)
        _opened(world, f"ALIEN{end}", [*LINE, {"code": "4000000000000", "qty": 1}], filmed=filmed)
    _opened(world, "TWO-CAMERAS", [sound], bay_code="B2")


def _tell_of_papers(world: World) -> None:
    for rtv in ("NOGOODS", "NOGOODS-UNSAID"):
        _sent(world, rtv)
        world.debit(rtv, "A", 10)
    world.event("WNOGOODS", "pickup_failed", event_at=at(2), cartons=None)
    for rtv, picked_up in (("TWIN", 5), ("TWIN-UNCOUNTED", None)):
        for number in (1, 2):
            created = {"created_at": at(0, number)}
            world.manifest(f"{rtv}-{number}", LINE, awb_no=f"W{rtv}", declared_cartons=5, **created)
        world.event(f"W{rtv}", "picked_up", event_at=at(1), cartons=picked_up)
    refused = [{"sku": "A", "qty": 1, "reason_code": "CHANGE"}]
    world.event(_sent(world, "BANNED", refused, created_at=FRESH), "picked_up", event_at=FRESH)
    _sent(world, "BANNED-UNSEEN", refused, created_at=FRESH)
    for rtv in ("OVER", "OVER-UNSEEN"):
        _sent(world, rtv, [{"sku": "FEW", "qty": 20}], created_at=FRESH)
    world.event("WOVER", "picked_up", event_at=FRESH)
    for rtv, value in (("DEAR", 50), ("DEAR-DECLARED", 60)):
        _opened(world, rtv, LINE, lines=[{"sku": "A", "qty": 10, "unit_value": value}])
        world.debit(rtv, "A", 10, unit_value=60)
    for rtv, sku in (("TAXED", "PAPER"), ("TAXED-UNPAPERED", "DATA")):
        _opened(world, rtv, [{"sku": sku, "qty": 10}], lines=[{"sku": sku, "qty": 10}])
        world.debit(rtv, sku, 10)
