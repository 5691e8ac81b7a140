-- Fewer cartons came through the gate than were delivered (rulings 33, 34). One row per consignment.
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
        delivered_cartons as expected_qty,
        gate_cartons as observed_qty,
        is_closed as is_final,
        first_handover_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        case when is_pod_remarked then 'transporter' else receiver_role end as liable_role,
        case when is_pod_remarked then transporter_code else receiver_party_code end as liable_party_code,
        'The transporter reported '
        || delivered_cartons
        || ' cartons delivered, the gate received '
        || gate_cartons
        || case
            when is_pod_remarked then ', and the proof of delivery carries the remark "' || pod_remark || '".'
            else ', and the proof of delivery is clean.'
        end as liability_reason,
        case
            when is_match_inferred then 'low'
            when is_pod_remarked or is_gate_filmed then 'high'
            else 'medium'
        end as confidence,
        case
            when is_pod_remarked then receiver_role
            when not is_pod_signed then 'transporter'
        end as runner_up_role
    from consignments
    where
        missing_at_gate_cartons > 0

),

final as (

    select
        {{ discrepancy_columns('carton_short_at_gate', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'first_seen_at',
            'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'camera_code']) }}
    from found

)

select * from final
