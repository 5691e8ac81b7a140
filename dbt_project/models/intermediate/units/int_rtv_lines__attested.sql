-- What speaks for and against the transporter for units missing inside sound or unsound cartons (rulings
-- 31, 32, 41). One row per declared RTV line.
with

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__attested') }}

),

final as (

    select
        line_consignments.line_key,
        min(consignments.transporter_code) as transporter_code,
        bool_or(
            not consignments.is_seal_broken_at_pickup
            and (consignments.is_seal_broken_in_transit or consignments.is_underweight)
        ) as is_transit_suspect,
        bool_or(consignments.is_seal_broken_in_transit) as is_seal_broken_in_transit,
        bool_or(consignments.is_underweight) as is_underweight,
        bool_or(consignments.is_seal_broken_at_pickup) as is_seal_broken_at_pickup,
        bool_and(
            consignments.receipt_count > 0
            and consignments.unsealed_receipt_count = 0
            and consignments.is_counted_by_two
            and consignments.is_weight_compared
            and not consignments.is_underweight
        ) as is_transit_excluded,
        bool_and(consignments.is_counted_by_two) as is_counted_by_two,
        bool_or(consignments.is_gate_filmed) as is_gate_filmed
    from line_consignments
    inner join consignments
        on line_consignments.consignment_key = consignments.consignment_key
    group by line_consignments.line_key

)

select * from final
