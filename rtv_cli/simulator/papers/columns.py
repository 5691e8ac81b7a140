"""The columns each paper has, in the order in which it is written."""

from __future__ import annotations

REMOVAL_REPORT = "amazon_removal_shipment"

_TEXT = """\
parties: party_code party_name party_role gstin state_code
nodes: node_code node_name node_role party_code timezone city
cameras: camera_code node_code bay_code make model serial_no clock_offset_seconds
skus: sku_code gtin title brand_code category mrp unit_cost hsn_code gst_rate shelf_life_days
  case_pack_qty is_kit
kit_components: kit_sku_code component_sku_code component_qty
listings: platform_code platform_sku sku_code effective_from
contracts_in_force: platform_code effective_from effective_to allowed_reasons return_period_days cap_pct
  min_shelf_life_pct lost_after_days pickup_due_days manifest_grace_days weight_tolerance_pct
  delivery_due_days qc_due_hours contract_ref
claim_playbooks: party_code claim_reason clock_start_event earliest_days latest_days day_kind reply_days
  appeal_days proof_required basis rate_pct grade tax_included effective_from effective_to source
  contract_ref
required_documents: platform_code ownership_model document_type min_value effective_from effective_to
dispatches: invoice_no invoice_line_no invoice_on po_no platform_code ship_from_node ship_to_node
  dispatched_at sku_code batch_no expiry_on qty unit_price gst_rate mrp
rtv_manifests: platform_code rtv_no revision_no ownership_model created_at origin_node destination_node
  transporter_code awb_no declared_cartons declared_weight_kg line_no carton_no platform_sku gtin qty
  unit_value batch_no expiry_on reason_code
amazon_removal_shipment: request-date order-id shipment-date sku fnsku disposition shipped-quantity
  carrier tracking-number removal-order-type
transporter_events: transporter_code awb_no event_at leg status reason responsible place cartons
  weight_kg raw_code raw_text remark signed_by seal_state
gate_receipts: receipt_id node_code bay_code camera_code awb_no rtv_no handover_at cartons_received
  weight_kg seal_state pod_remark operator_code
qc_captures:
debit_notes: platform_code debit_note_no debited_on rtv_no line_no platform_sku qty unit_value tax_amount
  total_amount
goods_receipts: node_code grn_no grn_on awb_no rtv_no line_no sku_code batch_no qty accepted_qty
  rejected_qty disposition
documents: document_type document_no document_on platform_code rtv_no awb_no invoice_no uri sha256
credit_notes: credit_note_no credited_on party_code line_no invoice_no invoice_line_no debit_note_no
  rtv_no sku_code qty value_amount tax_amount ims_status
stock_movements: source_code moved_at node_code sku_code platform_sku batch_no qty movement_kind
  disposition reference_no
footage: camera_code started_at ended_at uri sha256
"""


def _columns() -> dict[str, tuple[str, ...]]:
    """Contract to columns; each row ends with its label."""
    entries = _TEXT.replace("\n  ", " ").splitlines()
    pairs = (entry.split(":", 1) for entry in entries)
    return {name: (*names.split(), "is_synthetic") for name, names in pairs}


COLUMNS = _columns()


def money(minor: int) -> str:
    """Minor units as an amount with a point."""
    return f"{minor // 100}.{minor % 100:02d}"


def kilograms(grams: int) -> str:
    """Grams as kilograms with a point."""
    return f"{grams // 1000}.{grams % 1000:03d}"
