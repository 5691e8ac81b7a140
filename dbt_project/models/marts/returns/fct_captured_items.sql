-- What operators scanned and graded, with the SKU it is and the verdict on it. One row per captured item.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

assigned as (

    select
        captured_item_key,
        min(platform_code) as platform_code,
        case when count(distinct rtv_key) = 1 then min(rtv_no) end as rtv_no,
        sum(case when assigned_as = 'filled' then qty else 0 end) as filled_qty,
        sum(case when assigned_as = 'surplus' then qty else 0 end) as surplus_qty,
        sum(case when assigned_as = 'foreign' then qty else 0 end) as foreign_qty
    from unit_lines
    group by captured_item_key

),

final as (

    select
        items.captured_item_key,
        items.tenant_code,
        items.capture_id,
        items.item_no,
        assigned.platform_code,
        assigned.rtv_no,
        consignments.transporter_code,
        consignments.awb_no,
        items.node_code,
        items.bay_code,
        items.carton_no,
        items.scanned_code,
        items.sku_code,
        items.batch_no,
        items.grade,
        items.defects,
        items.damage_cause,
        items.seal_state,
        items.condition_verdict,
        items.match_method,
        items.qty,
        items.mrp_minor,
        items.expiry_on,
        items.is_foreign,
        items.seen_at,
        items.started_at,
        items.ended_at,
        {{ typed('count', 'coalesce(assigned.filled_qty, 0)') }} as filled_qty,
        {{ typed('count', 'coalesce(assigned.surplus_qty, 0)') }} as surplus_qty,
        {{ typed('count', 'coalesce(assigned.foreign_qty, 0)') }} as foreign_qty
    from items
    inner join consignments
        on items.consignment_key = consignments.consignment_key
    left join assigned
        on items.captured_item_key = assigned.captured_item_key

)

select * from final
