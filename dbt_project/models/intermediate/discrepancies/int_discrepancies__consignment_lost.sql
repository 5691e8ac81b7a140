-- A consignment was picked up and never seen again (ruling 35). One row per consignment.
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
        bay_code,
        camera_code,
        coalesce(standing_picked_up_cartons, 0) as expected_qty,
        0::bigint as observed_qty,
        'transporter' as liable_role,
        transporter_code as liable_party_code,
        case
            when lost_event_at is not null
                then
                    'The transporter reported the consignment lost or destroyed on '
                    || {{ local_date('lost_event_at', reporting_timezone()) }} || '.'
            else
                'Picked up on ' || {{ local_date('first_picked_up_at', reporting_timezone()) }}
                || ', and after '
                || lost_after_days
                || ' days there is no delivery, no gate receipt and no capture.'
        end as liability_reason,
        'medium' as confidence,
        null::text as runner_up_role,
        true as is_final,
        coalesce(lost_event_at, first_picked_up_at + lost_after_days * interval '24 hours') as first_seen_at,
        null::timestamptz as window_start_at,
        null::timestamptz as window_end_at
    from consignments
    where
        is_lost
        and rtv_count > 0

),

final as (

    select
        {{ discrepancy_columns('consignment_lost', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'first_seen_at',
            'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'camera_code']) }}
    from found

)

select * from final
