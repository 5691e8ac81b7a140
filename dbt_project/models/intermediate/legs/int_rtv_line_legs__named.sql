-- Unseen units that lay in named cartons which never arrived, dealt to the legs by carton number (ruling
-- 29). One row per RTV line, consignment and leg.
with

cartons as (

    select * from {{ ref('int_named_cartons__unopened') }}

),

unseen as (

    select * from {{ ref('int_rtv_line_consignments__unseen') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

legged as (

    select
        cartons.line_key,
        cartons.consignment_key,
        cartons.carton_qty,
        case
            when cartons.carton_rank <= consignments.missing_at_pickup_cartons then 1
            when
                cartons.carton_rank
                <= consignments.missing_at_pickup_cartons + consignments.missing_in_transit_cartons
                then 2
            when
                cartons.carton_rank
                <= consignments.missing_at_pickup_cartons
                + consignments.missing_in_transit_cartons
                + consignments.missing_at_gate_cartons
                then 3
        end as leg_no
    from cartons
    inner join consignments
        on cartons.consignment_key = consignments.consignment_key

),

dealt as (

    select
        line_key,
        consignment_key,
        leg_no,
        sum(carton_qty) as carton_qty
    from legged
    group by line_key, consignment_key, leg_no

),

accumulated as (

    select
        dealt.*,
        unseen.unseen_qty,
        sum(dealt.carton_qty) over (
            partition by dealt.line_key, dealt.consignment_key
            order by dealt.leg_no
        ) - dealt.carton_qty as carton_qty_before
    from dealt
    inner join unseen
        on
            dealt.line_key = unseen.line_key
            and dealt.consignment_key = unseen.consignment_key
    where dealt.leg_no is not null

),

final as (

    select
        line_key,
        consignment_key,
        leg_no,
        least(carton_qty, greatest(unseen_qty - carton_qty_before, 0))::bigint as explained_qty
    from accumulated

)

select * from final
