-- What speaks for and against the transporter for units missing inside cartons that arrived, by the
-- consignments that declared them (rulings 31, 32, 41). One row per RTV line with units not seen.
with

unseen as (

    select * from {{ ref('int_rtv_line_consignments__unseen') }}
    where unseen_qty > 0

),

consignments as (

    select
        *,
        not is_seal_broken_at_pickup and (is_seal_broken_in_transit or is_underweight) as is_suspect
    from {{ ref('int_consignments__witnessed') }}

),

final as (

    select
        unseen.line_key,
        coalesce(
            min(case when consignments.is_suspect then consignments.transporter_code end),
            min(consignments.transporter_code)
        ) as transporter_code,
        sum(consignments.sent_weight_kg) as sent_weight_kg,
        sum(consignments.gate_weight_kg) as gate_weight_kg,
        bool_or(consignments.is_suspect) as is_transit_suspect,
        bool_or(consignments.is_seal_broken_in_transit) as is_seal_broken_in_transit,
        bool_or(consignments.is_seal_broken_at_pickup) as is_seal_broken_at_pickup,
        -- Each end of the way recorded its own: both weights, or both states of the seal.
        bool_or(
            consignments.is_underweight
            or consignments.is_seal_broken_in_transit and consignments.pickup_seal_state is not null
        ) as is_transit_borne_out,
        bool_and(
            consignments.receipt_count > 0
            and (consignments.unsealed_receipt_count = 0 or consignments.is_seal_broken_at_pickup)
            and consignments.is_counted_by_two
            and consignments.is_weight_compared
            and not consignments.is_underweight
        ) as is_transit_excluded,
        bool_and(consignments.is_underweight and consignments.picked_up_weight_kg is not null)
            as is_platform_excluded,
        bool_and(consignments.is_counted_by_two) as is_counted_by_two,
        bool_or(consignments.is_inferred) as is_inferred
    from unseen
    inner join consignments
        on unseen.consignment_key = consignments.consignment_key
    group by unseen.line_key

)

select * from final
