-- Fewer cartons were picked up than the platform declared. One row per consignment.
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
        declared_cartons as expected_qty,
        picked_up_cartons as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        null::text as runner_up_role,
        is_closed as is_final,
        first_picked_up_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        'The platform declared ' || declared_cartons || ' cartons, the transporter picked up '
        || picked_up_cartons
        || '; so '
        || missing_at_pickup_cartons
        || ' never left the platform.' as liability_reason,
        case
            when is_match_inferred then 'low'
            when
                gate_cartons <= picked_up_cartons or delivered_cartons <= picked_up_cartons and is_gate_filmed
                then 'high'
            else 'medium'
        end as confidence
    from consignments
    where
        missing_at_pickup_cartons > 0

),

final as (

    select
        {{ discrepancy_columns('carton_short_at_pickup', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'first_seen_at',
            'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'camera_code']) }}
    from found

)

select * from final
