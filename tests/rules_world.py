"""The hand-made world the rules are tested on: each RTV is a scenario of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.factories import World, at, on

SHOP = "SHOP"


def tell(world: World) -> None:
    """Write the whole world."""
    world.places()
    for code in ("A", "B", "C", "D", "E", "F"):
        world.sku(code)
    world.sku("X", brand_code="BR2", category="food", mrp=900)
    world.sku("EXP", shelf_life_days=365)
    world.sku("KIT", is_kit=True)
    world.sku("PART")
    for code in ("A", "C", "D", "E", "F", "EXP", "KIT"):
        world.dispatch(code, 1000, mrp=100)
    for code, batch_no in (("A", "L1"), ("A", "L2"), ("B", "B1")):
        world.dispatch(code, 1000, batch_no=batch_no, mrp=100)
    world.contract(min_shelf_life_pct=40, weight_tolerance_pct=2)
    _tell_of_legs(world)
    _tell_of_units(world)
    _tell_of_conditions(world)
    _tell_of_documents(world)
    _tell_of_matching(world)
    _tell_of_loose_kits(world)
    _tell_of_terms(world)


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
    shown = {"sop_version": 1, "step_no": 1, "shown_at": at(5)}
    world.capture("WOPEN", [{"sku": "A", "qty": 2}], steps=[
        {**shown, "sop_code": "RTV-02", "sop_version": 2}, {**shown, "sop_code": "RTV-03", "item_no": 1},
        {**shown, "sop_code": "RTV-06", "step_no": 3}, {**shown, "sop_code": "RTV-02"},
    ])  # fmt: skip


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
    # Someone tells of a delivery, but nobody picked up, received or opened anything.
    world.manifest("GHOST", [{"sku": "A", "qty": 6}], awb_no="WGHOST", declared_cartons=3)
    world.event("WGHOST", "delivered", event_at=at(3), cartons=1)
    world.debit("GHOST", "A", 6)
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


def _tell_of_loose_kits(world: World) -> None:
    """A set is two cups (50 each) and a lid (20)."""
    world.sku("SET", is_kit=True, mrp=120)
    world.sku("CUP", mrp=50)
    world.sku("LID", mrp=20)
    world.dispatch("SET", 100, mrp=120)
    for component, qty in (("CUP", 2), ("LID", 1)):
        world.insert("kit_components", kit_sku_code="SET", component_sku_code=component, component_qty=qty)
    scenarios = {
        "LOOSE": ([{"sku": "SET", "qty": 4}], {"SET": 1, "CUP": 3, "LID": 1}),
        "LOOSEMORE": ([{"sku": "SET", "qty": 1}], {"CUP": 5, "LID": 2}),
        "LOOSENAMED": ([{"sku": "SET", "qty": 1}, {"sku": "CUP", "qty": 2}], {"CUP": 2, "LID": 1}),
    }
    for rtv, (lines, found) in scenarios.items():
        world.manifest(rtv, lines, awb_no=f"W{rtv}", declared_cartons=1)
        world.journey(f"W{rtv}", picked_up=1, delivered=1, gate=1)
        world.capture(f"W{rtv}", [{"sku": sku, "qty": qty} for sku, qty in found.items()], is_last=True)


def _tell_of_terms(world: World) -> None:
    """Returns of a platform with terms of its own, so that these judge nothing else."""
    shop = {"platform_code": SHOP}
    slow = {"reason_code": "SLOW"}
    world.insert("parties", party_code=SHOP, party_name=SHOP, party_role="platform")
    world.sku("G")
    for code in ("A", "G"):
        world.insert("listings", platform_code=SHOP, platform_sku=f"P-{code}", sku_code=code)
    recent = {"invoice_on": on(-30), "dispatched_at": at(-30)}
    world.dispatch("G", 10, **recent, **shop)
    world.dispatch("A", 20, gst_rate=5, **recent, **shop)
    world.dispatch("A", 20, unit_price=45, **shop)
    world.contract(
        allowed_reasons="EXPIRED|SLOW", return_period_days=40, delivery_due_days=3, qc_due_hours=30, **shop
    )
    for document_type in ("challan", "lr"):
        world.insert(
            "required_documents", document_type=document_type, min_value=500, effective_from=on(-365), **shop
        )
    for number, (rtv, qty) in enumerate((("OVER-1", 8), ("OVER-2", 5))):
        lines = [{"sku": "G", "qty": qty, **slow}]
        world.manifest(rtv, lines, awb_no=f"W{rtv}", declared_cartons=1, created_at=at(number / 10), **shop)
        world.journey(f"W{rtv}", picked_up=1, delivered=1, gate=1)
        world.capture(f"W{rtv}", [{"sku": "G", "qty": qty}], is_last=True)
    world.manifest("LATE", [{"sku": "A", "qty": 10, **slow}], awb_no="WLATE", declared_cartons=1, **shop)
    world.event("WLATE", "picked_up", event_at=at(21), cartons=1)
    world.event("WLATE", "delivered", event_at=at(24, 1), cartons=1)
    world.receipt("WLATE", 1, handover_at=at(24, 5))
    world.capture(
        "WLATE", [{"sku": "A", "qty": 10}], is_last=True, started_at=at(25), ended_at=at(24, 5 + 30 * 60 + 1)
    )
    world.debit("LATE", "A", 10, unit_value=60, **shop)
    world.insert("documents", document_type="lr", document_no="LR-1", uri="lr.pdf", awb_no="WLATE")
    banned = [{"sku": "A", "qty": 30, "reason_code": "CHANGE"}]
    world.manifest("BANNED", banned, awb_no="WBANNED", declared_cartons=1, **shop)
    world.journey("WBANNED", picked_up=1, delivered=1, gate=1)
    damaged = {"sku": "A", "qty": 2, "grade": "D", "damage_cause": "storage"}
    world.capture("WBANNED", [{"sku": "A", "qty": 28}, damaged], is_last=True)
    world.debit("BANNED", "A", 30, **shop)
    world.insert(
        "documents", document_type="challan", document_no="C-1", uri="c.pdf", rtv_no="BANNED", **shop
    )
    world.insert("documents", document_type="lr", document_no="LR-2", uri="lr2.pdf", awb_no="WBANNED")
