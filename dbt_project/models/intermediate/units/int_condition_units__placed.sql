-- Units with a condition verdict on the line they fill (rulings 44, 53). One row per captured item and RTV
-- line.
with

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

final as (

    select
        unit_lines.captured_item_key,
        unit_lines.line_key,
        unit_lines.rtv_key,
        unit_lines.tenant_code,
        unit_lines.platform_code,
        unit_lines.rtv_no,
        unit_lines.sku_code,
        unit_lines.batch_no,
        consignments.transporter_code,
        consignments.awb_no,
        items.node_code,
        items.bay_code,
        items.condition_verdict,
        items.damage_liable_role,
        items.damage_cause,
        items.grade,
        items.expiry_on,
        items.picked_up_on,
        items.mrp_minor,
        items.batch_no as scanned_batch_no,
        unit_lines.qty,
        items.is_used_or_tampered,
        items.is_expired,
        items.is_damaged,
        items.is_kit_incomplete,
        items.is_near_expiry,
        items.is_batch_mismatch,
        items.is_mrp_mismatch,
        items.is_pod_remarked,
        items.is_filmed,
        items.seen_at,
        items.started_at,
        items.ended_at,
        items.match_method in ('awb_alias', 'fit') or items.is_contradicted as is_match_inferred,
        consignments.first_picked_up_at is not null as is_pickup_recorded
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key
    inner join consignments
        on items.consignment_key = consignments.consignment_key
    where
        unit_lines.assigned_as = 'filled'
        and items.condition_verdict is not null

)

select * from final
