-- More cartons came through the gate than the last count before it (ruling 39). One row per consignment.
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
        last_known_cartons as expected_qty,
        gate_cartons as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        null::text as runner_up_role,
        true as is_final,
        first_handover_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        'The gate received '
        || gate_cartons
        || ' cartons; the last count before it was '
        || last_known_cartons
        || '.' as liability_reason,
        case
            when is_match_inferred then 'low'
            when is_gate_filmed then 'high'
            else 'medium'
        end as confidence
    from consignments
    where
        excess_cartons > 0

),

final as (

    select
        {{ discrepancy_columns('carton_excess', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'first_seen_at',
            'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'camera_code']) }}
    from found

)

select * from final
