-- Kits made of loose components as captured items (ruling 50). One row per scope and kit, complete and not.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}

),

assembled as (

    select * from {{ ref('int_loose_kits__assembled') }}

),

used as (

    select * from {{ ref('int_loose_components__used') }}

),

evidence as (

    select
        scope_key,
        kit_sku_code,
        min(captured_item_key) as captured_item_key,
        bool_and(is_filmed) as is_filmed,
        bool_or(is_contradicted) as is_contradicted,
        bool_or(is_pod_remarked) as is_pod_remarked,
        min(seen_at) as seen_at,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from used
    where used_qty > 0
    group by scope_key, kit_sku_code

),

kits as (

    select distinct
        scope_key,
        kit_sku_code,
        complete_kits,
        incomplete_kits
    from assembled

),

stacked as (

    select
        scope_key,
        kit_sku_code,
        complete_kits as qty,
        false as is_kit_incomplete
    from kits
    where complete_kits > 0
    union all
    select
        scope_key,
        kit_sku_code,
        incomplete_kits as qty,
        true as is_kit_incomplete
    from kits
    where incomplete_kits > 0

),

final as (

    select
        {{ surrogate_key(['stacked.scope_key', 'stacked.kit_sku_code', 'stacked.is_kit_incomplete']) }}
            as captured_item_key,
        items.tenant_code,
        items.capture_id,
        items.item_no,
        items.consignment_key,
        items.oldest_rtv_key,
        items.sole_rtv_key,
        items.platform_code,
        stacked.kit_sku_code as sku_code,
        cast(null as text) as batch_no,
        items.carton_no,
        items.node_code,
        items.bay_code,
        cast(null as text) as grade,
        cast(null as text) as damage_cause,
        items.match_method,
        case when stacked.is_kit_incomplete then 'kit_incomplete' end as condition_verdict,
        items.damage_liable_role,
        cast(null as date) as expiry_on,
        items.picked_up_on,
        cast(stacked.qty as bigint) as qty,
        cast(null as bigint) as mrp_minor,
        false as is_used_or_tampered,
        false as is_expired,
        false as is_damaged,
        stacked.is_kit_incomplete,
        false as is_near_expiry,
        false as is_batch_mismatch,
        false as is_mrp_mismatch,
        evidence.is_pod_remarked,
        evidence.is_contradicted,
        evidence.is_filmed,
        evidence.seen_at,
        evidence.started_at,
        evidence.ended_at
    from stacked
    inner join evidence
        on
            stacked.scope_key = evidence.scope_key
            and stacked.kit_sku_code = evidence.kit_sku_code
    inner join items
        on evidence.captured_item_key = items.captured_item_key

)

select * from final
