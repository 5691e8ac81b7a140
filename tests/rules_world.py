"""The hand-made world the rules are tested on: each RTV is a scenario of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.factories import World, at, on


def tell(world: World) -> None:
    """Write the whole world."""
    world.places()
    for code in ("A", "B", "C", "D", "E", "F"):
        world.sku(code)
    world.sku("X", brand_code="BR2", category="food", mrp=900)
    world.sku("EXP", shelf_life_days=365)
    world.sku("KIT", is_kit=True)
    world.sku("PART")
    world.dispatch("B", 100, batch_no="B1", mrp=100)
    world.contract(min_shelf_life_pct=40, weight_tolerance_pct=2)
    _tell_of_legs(world)
    _tell_of_units(world)
    _tell_of_conditions(world)
    _tell_of_documents(world)
    _tell_of_matching(world)


def _tell_of_legs(world: World) -> None:
    lines = [{"sku": "A", "qty": 10}, {"sku": "B", "qty": 10, "batch_no": "B1"}]
    found = [{"sku": "A", "qty": 8}, {"sku": "B", "qty": 8, "batch_no": "B1"}]
    for rtv, counts in {"PICK": (4, 4, 4), "LOST1": (5, 4, 4), "GATE": (5, 5, 4)}.items():
        world.manifest(rtv, lines, awb_no=f"W{rtv}", declared_cartons=5)
        world.journey(f"W{rtv}", picked_up=counts[0], delivered=counts[1], gate=counts[2])
        world.capture(f"W{rtv}", found, is_last=True)
    world.manifest("REMARK", lines, awb_no="WREMARK", declared_cartons=5)
    world.journey("WREMARK", picked_up=5, delivered=5, gate=4, pod_remark="one carton short")
    world.capture("WREMARK", found, is_last=True)
    world.manifest("NAMED", [
        {"sku": "A", "qty": 3, "carton_no": "N1"}, {"sku": "A", "qty": 5, "carton_no": "N2"},
        {"sku": "B", "qty": 4, "carton_no": "N3"},
    ], awb_no="WNAMED", declared_cartons=3)  # fmt: skip
    world.journey("WNAMED", picked_up=2, delivered=1, gate=1)
    world.capture("WNAMED", [{"sku": "A", "qty": 2}], carton_no="N1", is_last=True)
    world.manifest("GONE", [{"sku": "A", "qty": 6}], awb_no="WGONE", declared_cartons=2)
    world.event("WGONE", "picked_up", event_at=at(1), cartons=2)
    world.manifest(
        "SPLIT", [{"sku": code, "qty": 1} for code in "ABCDEF"], awb_no="WSPLIT", declared_cartons=4
    )
    world.journey("WSPLIT", picked_up=4, delivered=None, gate=3)
    world.capture("WSPLIT", [{"sku": code} for code in "ABC"], is_last=True)
    world.manifest("OPEN", [{"sku": "A", "qty": 10}], awb_no="WOPEN", declared_cartons=5)
    world.journey("WOPEN", picked_up=5, delivered=4, gate=4)
    world.capture("WOPEN", [{"sku": "A", "qty": 2}])


def _tell_of_units(world: World) -> None:
    world.manifest(
        "SHORT", [{"sku": "A", "qty": 10}], awb_no="WSHORT", declared_cartons=1, declared_weight_kg=10
    )
    world.journey("WSHORT", picked_up=1, delivered=1, gate=1, weight_kg=10)
    world.capture("WSHORT", [{"sku": "A", "qty": 7}], is_last=True)
    world.manifest("SEAL", [{"sku": "A", "qty": 10}], awb_no="WSEAL", declared_cartons=1)
    world.journey("WSEAL", picked_up=1, delivered=1, gate=1, seal_state="broken")
    world.capture("WSEAL", [{"sku": "A", "qty": 9}], is_last=True)
    world.manifest(
        "LIGHT", [{"sku": "A", "qty": 10}], awb_no="WLIGHT", declared_cartons=1, declared_weight_kg=10
    )
    world.journey("WLIGHT", picked_up=1, delivered=1, gate=1, weight_kg=9)
    world.capture("WLIGHT", [{"sku": "A", "qty": 9}], is_last=True)
    world.manifest("MORE", [{"sku": "A", "qty": 2}], awb_no="WMORE", declared_cartons=1)
    world.journey("WMORE", picked_up=1, delivered=1, gate=1)
    world.capture("WMORE", [{"sku": "A", "qty": 5}], is_last=True)
    world.manifest(
        "SWAP", [{"sku": "A", "qty": 5}, {"sku": "C", "qty": 2}], awb_no="WSWAP", declared_cartons=1
    )
    world.journey("WSWAP", picked_up=1, delivered=1, gate=1)
    world.capture(
        "WSWAP", [{"sku": "A", "qty": 2}, {"sku": "X", "qty": 1}, {"sku": "B", "qty": 3}], is_last=True
    )
    boxes = [("A", "K1"), ("B", "K2"), ("C", "K2"), ("D", "K3")]
    world.manifest(
        "BOXES",
        [{"sku": sku, "qty": 2, "carton_no": box} for sku, box in boxes],
        awb_no="WBOXES",
        declared_cartons=3,
    )
    world.journey("WBOXES", picked_up=3, delivered=3, gate=3)
    world.capture("WBOXES", [{"sku": "A", "qty": 1}], carton_no="K1")
    world.capture("WBOXES", [{"sku": "B", "qty": 1}, {"sku": "C", "qty": 3}], carton_no="K2")
    world.capture("WBOXES", [{"sku": "D", "qty": 2}], carton_no="K3")
    world.manifest("ELSEWHERE", [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 1}], awb_no=None)
    world.capture(
        "WBOXES", [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 1}], rtv_no="ELSEWHERE", is_last=True
    )
    world.manifest("ALIEN", [{"sku": "A", "qty": 2}], awb_no="WALIEN", declared_cartons=1)
    world.journey("WALIEN", picked_up=1, delivered=1, gate=1)
    world.capture("WALIEN", [{"sku": "A", "qty": 2}, {"code": "4000000000000", "qty": 3}], is_last=True)
    batches = [
        {"sku": "A", "qty": 2, "batch_no": "L1"},
        {"sku": "A", "qty": 2, "batch_no": "L2"},
        {"sku": "A", "qty": 2},
    ]
    world.manifest("BATCH", batches, awb_no="WBATCH", declared_cartons=1)
    world.journey("WBATCH", picked_up=1, delivered=1, gate=1)
    world.capture("WBATCH", [
        {"sku": "A", "qty": 3, "batch_no": "L2"}, {"sku": "A", "qty": 1},
        {"sku": "A", "qty": 2, "batch_no": "ZZ"},
    ], is_last=True)  # fmt: skip


def _tell_of_conditions(world: World) -> None:
    world.manifest("COND", [
        {"sku": "A", "qty": 5}, {"sku": "B", "qty": 3, "batch_no": "B1"}, {"sku": "EXP", "qty": 4},
        {"sku": "KIT", "qty": 2},
    ], awb_no="WCOND", declared_cartons=1)  # fmt: skip
    world.journey("WCOND", picked_up=1, delivered=1, gate=1)
    world.capture("WCOND", [
        {"sku": "A", "qty": 4},
        {"sku": "A", "qty": 1, "defects": "leaking", "grade": "C", "damage_cause": "carton"},
        {"sku": "A", "qty": 1, "grade": "D", "damage_cause": "storage"},
        {"sku": "A", "qty": 1, "grade": "B", "defects": "packaging"},
        {"sku": "B", "qty": 1, "batch_no": "B1", "mrp": 110},
        {"sku": "B", "qty": 1, "batch_no": "B9"},
        {"sku": "B", "qty": 1, "batch_no": "B1", "seal_state": "opened", "defects": "damaged"},
        {"sku": "EXP", "qty": 1, "expiry_on": on(1)},
        {"sku": "EXP", "qty": 1, "expiry_on": on(2)},
        {"sku": "EXP", "qty": 1, "expiry_on": on(1 + 146)},
        {"sku": "EXP", "qty": 1, "expiry_on": on(1 + 145)},
        {"sku": "KIT", "qty": 1, "missing": [{"sku_code": "PART", "qty": 1}]},
        {"sku": "KIT", "qty": 1},
    ], is_last=True)  # fmt: skip


def _tell_of_documents(world: World) -> None:
    world.manifest("NOGOODS", [{"sku": "A", "qty": 4}], awb_no="WNOGOODS", declared_cartons=1)
    world.debit("NOGOODS", "A", 3)
    world.debit("UNKNOWN", "A", 2)
    world.manifest("OVERDEBIT", [{"sku": "A", "qty": 2}], awb_no="WOVERDEBIT", declared_cartons=1)
    world.journey("WOVERDEBIT", picked_up=1, delivered=1, gate=1)
    world.capture("WOVERDEBIT", [{"sku": "A", "qty": 2}], is_last=True)
    world.debit("OVERDEBIT", "A", 5)
    for number, rtv in enumerate(("TWICE-1", "TWICE-2")):
        world.manifest(
            rtv, [{"sku": "A", "qty": 3}], awb_no="WTWICE", declared_cartons=1, created_at=at(number / 10)
        )
    world.journey("WTWICE", picked_up=1, delivered=1, gate=1)
    world.capture("WTWICE", [{"sku": "A", "qty": 3}], is_last=True)
    world.receipt("WBLIND", 1, handover_at=at(4))
    world.capture("WBLIND", [{"sku": "PART", "qty": 4}, {"code": "4000000000001", "qty": 1}])
    world.receipt("WBLINDNEW", 1, handover_at=datetime(2026, 12, 30, tzinfo=UTC).isoformat())


def _tell_of_matching(world: World) -> None:
    line = [{"sku": "D", "qty": 2}]
    world.manifest("ALIAS", line, awb_no="AL-7700 1234", declared_cartons=1)
    world.journey("al77001234", picked_up=1, delivered=1, gate=1)
    world.capture("AL77001234X", line, is_last=True)
    world.manifest("NUMBER", line, awb_no=None, declared_cartons=1)
    world.receipt("WNUMBER", 1, rtv_no="NUMBER")
    world.capture("WNUMBER", line, rtv_no="NUMBER", is_last=True)
    world.manifest("FIT", [{"sku": "E", "qty": 2}], awb_no=None, declared_cartons=7)
    world.receipt("WFIT", 7)
    world.capture("WFIT", [{"sku": "E", "qty": 2}], is_last=True)
    world.manifest("PAIR-1", [{"sku": "F", "qty": 2}], awb_no="WPAIR", declared_cartons=1)
    world.manifest("PAIR-2", [{"sku": "F", "qty": 3}], awb_no="WPAIR", declared_cartons=1, created_at=at(0.1))
    world.journey("WPAIR", picked_up=2, delivered=2, gate=2)
    world.capture("WPAIR", [{"sku": "F", "qty": 4}], is_last=True)
