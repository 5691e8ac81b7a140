-- Deliveries later than the contract allows after the first pickup, or not made yet (rulings 15, 40). One
-- row per consignment.
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
        first_picked_up_at + {{ hours('delivery_due_days * 24') }} as first_seen_at,
        'Picked up on ' || {{ utc_text('first_picked_up_at') }} || ' and '
        || coalesce(
            'delivered on ' || {{ utc_text('coalesce(delivered_at, first_handover_at)') }},
            'not delivered yet'
        )
        || '; the days agreed are '
        || delivery_due_days
        || '.' as liability_reason,
        case
            when is_match_inferred then 'low'
            when first_handover_at is not null then 'high'
            else 'medium'
        end as confidence
    from consignments
    where
        not is_lost
        and coalesce(delivered_at, first_handover_at, {{ as_of() }})
        > first_picked_up_at + {{ hours('delivery_due_days * 24') }}

),

final as (

    select
        {{ discrepancy_columns('delivery_late', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty',
            'liability_reason', 'confidence', 'is_final', 'first_seen_at', 'node_code']) }}
    from found

)

select * from final
