-- What speaks for and against the transporter for units missing inside cartons that arrived (rulings 31, 32,
-- 41). One row per declared RTV line.
with

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}

),

final as (

    select
        line_consignments.line_key,
        min(consignments.transporter_code) as transporter_code,
        sum(consignments.sent_weight_kg) as sent_weight_kg,
        sum(consignments.gate_weight_kg) as gate_weight_kg,
        bool_or(
            not consignments.is_seal_broken_at_pickup
            and (consignments.is_seal_broken_in_transit or consignments.is_underweight)
        ) as is_transit_suspect,
        bool_or(consignments.is_seal_broken_in_transit) as is_seal_broken_in_transit,
        -- Each end of the way recorded its own: both weights, or both states of the seal.
        bool_or(
            consignments.is_underweight
            or consignments.is_seal_broken_in_transit and consignments.pickup_seal_state is not null
        ) as is_transit_borne_out,
        bool_and(
            consignments.receipt_count > 0
            and consignments.unsealed_receipt_count = 0
            and consignments.is_counted_by_two
            and consignments.is_weight_compared
            and not consignments.is_underweight
        ) as is_transit_excluded,
        bool_and(consignments.is_underweight and consignments.picked_up_weight_kg is not null)
            as is_platform_excluded,
        bool_and(consignments.is_counted_by_two) as is_counted_by_two,
        bool_or(consignments.is_inferred) as is_inferred
    from line_consignments
    inner join consignments
        on line_consignments.consignment_key = consignments.consignment_key
    group by line_consignments.line_key

)

select * from final
