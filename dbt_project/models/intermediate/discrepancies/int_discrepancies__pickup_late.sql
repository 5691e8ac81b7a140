-- First pickups later than the contract allows after the return was made (ruling 40). One row per
-- consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where first_picked_up_at > first_created_at + {{ hours('pickup_due_days * 24') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        1 as expected_qty,
        0 as observed_qty,
        true as is_final,
        first_picked_up_at as first_seen_at,
        'The return was made on ' || {{ utc_text('first_created_at') }} || ' and picked up on '
        || {{ utc_text('first_picked_up_at') }} || '; the days agreed are ' || pickup_due_days || '.'
            as liability_reason,
        {{ confidence('is_inferred', 'is_pickup_papered') }} as confidence
    from consignments

),

final as (

    select
        {{ discrepancy_columns('pickup_late', 'consignment', []) }}
    from found

)

select * from final
