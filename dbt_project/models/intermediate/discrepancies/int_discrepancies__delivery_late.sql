-- Deliveries later than the contract allows after the first pickup, or not made yet (rulings 15, 40). One
-- row per consignment.
with

consignments as (

    select
        *,
        coalesce(delivered_at, first_handover_at) as arrived_at,
        first_picked_up_at + {{ hours('delivery_due_days * 24') }} as due_at
    from {{ ref('int_consignments__witnessed') }}
    where not is_lost

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        node_code,
        bay_code,
        camera_code,
        1 as expected_qty,
        0 as observed_qty,
        true as is_final,
        due_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        'Picked up on ' || {{ utc_text('first_picked_up_at') }} || ' and '
        || coalesce('delivered on ' || {{ utc_text('arrived_at') }}, 'not delivered yet')
        || '; the days agreed are ' || delivery_due_days || '.' as liability_reason,
        {{ confidence('is_inferred', 'first_handover_at is not null') }} as confidence
    from consignments
    where coalesce(arrived_at, {{ as_of() }}) > due_at

),

final as (

    select
        {{ discrepancy_columns('delivery_late', 'consignment', ['window', 'camera_code']) }}
    from found

)

select * from final
