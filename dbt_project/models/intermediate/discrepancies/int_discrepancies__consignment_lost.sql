-- A consignment was picked up and never seen again (ruling 35). One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where
        is_lost
        and rtv_count > 0

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        coalesce(standing_picked_up_cartons, 0) as expected_qty,
        0 as observed_qty,
        'transporter' as liable_role,
        transporter_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        case
            when lost_event_at is not null
                then
                    'The transporter reported the consignment lost or destroyed on '
                    || {{ local_date('lost_event_at', reporting_timezone()) }} || '.'
            else
                'Picked up on ' || {{ local_date('first_picked_up_at', reporting_timezone()) }}
                || ', and after ' || lost_after_days
                || ' days there is no delivery, no gate receipt and no capture.'
        end as liability_reason,
        {{ confidence('is_inferred', 'lost_event_at is not null or is_pickup_papered') }} as confidence,
        coalesce(lost_event_at, first_picked_up_at + {{ hours('lost_after_days * 24') }}) as first_seen_at
    from consignments

),

final as (

    select
        {{ discrepancy_columns('consignment_lost', 'consignment', ['liable']) }}
    from found

)

select * from final
