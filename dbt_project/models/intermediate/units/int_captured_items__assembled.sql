-- Captured items as they are dealt to lines: loose components that make kits stand as those kits (ruling 50).
-- One row per captured item, and per scope and kit made of components, complete and incomplete.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}

),

used as (

    select * from {{ ref('int_loose_components__used') }}

),

kits as (

    select * from {{ ref('int_loose_kits__captured') }}

),

final as (

    select
        items.captured_item_key,
        items.tenant_code,
        items.capture_id,
        items.item_no,
        items.consignment_key,
        items.oldest_rtv_key,
        items.sole_rtv_key,
        items.platform_code,
        items.sku_code,
        items.batch_no,
        items.carton_no,
        items.node_code,
        items.bay_code,
        items.grade,
        items.damage_cause,
        items.match_method,
        items.condition_verdict,
        items.damage_liable_role,
        items.expiry_on,
        items.picked_up_on,
        cast(items.qty - coalesce(used.used_qty, 0) as bigint) as qty,
        items.mrp_minor,
        items.is_used_or_tampered,
        items.is_expired,
        items.is_damaged,
        items.is_kit_incomplete,
        items.is_near_expiry,
        items.is_batch_mismatch,
        items.is_mrp_mismatch,
        items.is_pod_remarked,
        items.is_contradicted,
        items.is_filmed,
        items.seen_at,
        items.started_at,
        items.ended_at
    from items
    left join used
        on items.captured_item_key = used.captured_item_key
    where items.qty > coalesce(used.used_qty, 0)
    union all
    select
        captured_item_key,
        tenant_code,
        capture_id,
        item_no,
        consignment_key,
        oldest_rtv_key,
        sole_rtv_key,
        platform_code,
        sku_code,
        batch_no,
        carton_no,
        node_code,
        bay_code,
        grade,
        damage_cause,
        match_method,
        condition_verdict,
        damage_liable_role,
        expiry_on,
        picked_up_on,
        qty,
        mrp_minor,
        is_used_or_tampered,
        is_expired,
        is_damaged,
        is_kit_incomplete,
        is_near_expiry,
        is_batch_mismatch,
        is_mrp_mismatch,
        is_pod_remarked,
        is_contradicted,
        is_filmed,
        seen_at,
        started_at,
        ended_at
    from kits

)

select * from final
