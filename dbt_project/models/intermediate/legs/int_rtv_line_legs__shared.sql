-- Unseen units explained by missing cartons that no manifest names, by largest remainder leg after leg
-- (ruling 30). One row per RTV line, consignment and leg.
with

unseen as (

    select * from {{ ref('int_rtv_line_consignments__unseen') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

shares_0 as (

    select
        unseen.line_key,
        unseen.consignment_key,
        unseen.sku_code,
        unseen.batch_no,
        unseen.declared_qty,
        consignments.declared_cartons,
        consignments.missing_at_pickup_cartons,
        consignments.missing_in_transit_cartons,
        consignments.missing_at_gate_cartons,
        unseen.unseen_qty as room_qty,
        row_number() over (order by unseen.first_created_at, unseen.line_key) as line_order
    from unseen
    inner join consignments
        on unseen.consignment_key = consignments.consignment_key
    where
        not consignments.is_lost
        and not (
            consignments.is_carton_named
            and (consignments.capture_count = 0 or consignments.is_any_capture_named)
        )
        and consignments.declared_cartons > 0
        and (
            consignments.missing_at_pickup_cartons
            + consignments.missing_in_transit_cartons
            + consignments.missing_at_gate_cartons
        ) > 0

),

{{ carton_share_leg(1, 'missing_at_pickup_cartons') }},

{{ carton_share_leg(2, 'missing_in_transit_cartons') }},

{{ carton_share_leg(3, 'missing_at_gate_cartons') }},

final as (

    select
        line_key,
        consignment_key,
        1 as leg_no,
        dealt_qty as explained_qty
    from dealt_1
    union all
    select
        line_key,
        consignment_key,
        2 as leg_no,
        dealt_qty as explained_qty
    from dealt_2
    union all
    select
        line_key,
        consignment_key,
        3 as leg_no,
        dealt_qty as explained_qty
    from dealt_3

)

select * from final
