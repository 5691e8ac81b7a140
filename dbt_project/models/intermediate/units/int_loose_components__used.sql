-- Captured loose components that kits are made of, the first captured first (ruling 50). One row per captured
-- item and kit that it may go into, with how many of it do.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}

),

assembled as (

    select * from {{ ref('int_loose_kits__assembled') }}

),

components as (

    select
        items.*,
        assembled.scope_key,
        assembled.kit_sku_code,
        assembled.taken_qty as all_taken_qty,
        sum(items.qty) over (
            partition by assembled.scope_key, assembled.component_sku_code
            order by items.started_at, items.capture_id, items.item_no
        ) - items.qty as qty_before
    from items
    inner join assembled
        on
            coalesce(items.sole_rtv_key, items.consignment_key) = assembled.scope_key
            and items.sku_code = assembled.component_sku_code
            and items.condition_verdict is null
            and assembled.taken_qty > 0

),

final as (

    select
        captured_item_key,
        scope_key,
        kit_sku_code,
        is_filmed,
        is_contradicted,
        is_pod_remarked,
        seen_at,
        started_at,
        ended_at,
        least(qty, greatest(all_taken_qty - qty_before, 0)) as used_qty
    from components

)

select * from final
