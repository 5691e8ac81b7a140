"""Masters and terms: written once, before anything moves."""

from __future__ import annotations

from rtv_cli.simulator.catalogue import World, platform_sku
from rtv_cli.simulator.papers.columns import money
from rtv_cli.simulator.sinks import Inputs
from rtv_cli.simulator.terms import (
    DELIVERY_DUE_DAYS,
    PICKUP_DUE_DAYS,
    PLATFORM_REASONS,
    QC_DUE_HOURS,
    playbook,
)

# After so long a consignment counts as lost, and a manifest is overdue for goods that came.
LOST_AFTER_DAYS, MANIFEST_GRACE_DAYS, WEIGHT_TOLERANCE_PCT = 20, 3, 2
# So much of its shelf life a unit has to have left when it is handed over.
MIN_SHELF_LIFE_PCT = 15
REASONS = ("unsold", "slow_moving", "end_of_season", "Sellable", "Unsellable")
DEMO_TERMS = "synthetic terms of the simulator, no real agreement"


def write_masters(world: World, inputs: Inputs) -> None:
    """Parties, nodes, cameras, articles, listings, contracts, playbooks, required documents."""
    for party in world.parties:
        row = (party.party_code, party.party_name, party.party_role, "", party.state_code)
        inputs.write("parties", "all", row)
    for node in world.nodes:
        row = (node.node_code, node.node_name, node.node_role, node.party_code, node.timezone)
        inputs.write("nodes", "all", (*row, node.city))
    for rank, camera in enumerate(world.cameras):
        made = ("Synthetic", "SIM-1", f"SYN{rank:04d}", camera.clock_offset_seconds)
        inputs.write("cameras", "all", (camera.camera_code, camera.node_code, camera.bay_code, *made))
    _write_articles(world, inputs)
    _write_terms(world, inputs)


def _write_articles(world: World, inputs: Inputs) -> None:
    for brand_code, skus in world.skus.items():
        for sku in skus:
            row = (sku.sku_code, sku.gtin, sku.title, sku.brand_code, sku.category, money(sku.mrp_minor))
            rest = (
                sku.hsn_code,
                sku.gst_pct,
                sku.shelf_life_days,
                sku.case_pack_qty,
                str(sku.is_kit).lower(),
            )
            inputs.write("skus", brand_code, (*row, money(sku.unit_cost_minor), *rest))
            for platform in world.platforms:
                listed = (platform.code, platform_sku(platform.code, sku), sku.sku_code, "")
                inputs.write("listings", platform.code, listed)
    for kit in world.kits:
        inputs.write("kit_components", "all", kit)


def _write_terms(world: World, inputs: Inputs) -> None:
    since = world.starts_on.isoformat()
    for platform in world.platforms:
        limits = (
            "",
            MIN_SHELF_LIFE_PCT,
            LOST_AFTER_DAYS,
            PICKUP_DUE_DAYS,
            MANIFEST_GRACE_DAYS,
            WEIGHT_TOLERANCE_PCT,
        )
        agreed = (*limits, DELIVERY_DUE_DAYS, QC_DUE_HOURS)
        terms = (platform.code, since, "", "|".join(REASONS), 180, *agreed, f"SYN-{platform.code}")
        inputs.write("contracts_in_force", "all", terms)
        for document_type in ("lr", "challan"):
            inputs.write("required_documents", "all", (platform.code, "", document_type, "", since, ""))
    for party_code, reason, term in playbook():
        is_platform = reason in PLATFORM_REASONS and world.party_role(party_code) == "platform"
        clock = (
            "manifest_created"
            if reason == "debit_without_goods"
            else "qc_completed"
            if is_platform
            else "delivered"
        )
        days = ("", 30 if is_platform else 15, "calendar", 15, 10)
        proof = "awb_label|opening|item" if is_platform else "pod|carton_photo"
        claim = (proof, term.basis, term.rate_pct, "", str(term.is_tax_included).lower())
        period = (since, "", DEMO_TERMS, f"SYN-{party_code}")
        inputs.write("claim_playbooks", "all", (party_code, reason, clock, *days, *claim, *period))
