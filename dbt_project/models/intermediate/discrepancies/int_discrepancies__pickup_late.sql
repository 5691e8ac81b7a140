-- First pickups later than the contract allows after the return was made (ruling 40). One row per
-- consignment.
with

consignments as (

    select * from {{ ref('int_consignments__attested') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        node_code,
        1::bigint as expected_qty,
        0::bigint as observed_qty,
        true as is_final,
        first_picked_up_at as first_seen_at,
        'The return was made on ' || {{ utc_text('first_created_at') }} || ' and picked up on '
        || {{ utc_text('first_picked_up_at') }}
        || '; the days agreed are '
        || pickup_due_days
        || '.' as liability_reason,
        case when is_match_inferred then 'low' else 'medium' end as confidence
    from consignments
    where first_picked_up_at > first_created_at + {{ hours('pickup_due_days * 24') }}

),

final as (

    select
        {{ discrepancy_columns('pickup_late', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty',
            'liability_reason', 'confidence', 'is_final', 'first_seen_at', 'node_code']) }}
    from found

)

select * from final
