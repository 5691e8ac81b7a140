-- Fewer cartons came through the gate than were delivered (rulings 33, 34). One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where missing_at_gate_cartons > 0

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
        -- A film of the handover excludes the receiver, a signature on a clean proof the transporter.
        case
            when receiver_role = 'transporter' then null
            when is_pod_remarked and not is_gate_filmed then receiver_role
            when not is_pod_remarked and not is_pod_signed then 'transporter'
        end as runner_up_role,
        'The transporter reported ' || {{ counted('delivered_cartons', 'carton') }}
        || ' delivered, the gate received '
        || gate_cartons
        || case
            when is_pod_remarked then ', and the proof of delivery carries the remark "' || pod_remark || '".'
            when is_pod_signed then ', and the proof of delivery is signed and clean.'
            else ', and the proof of delivery is clean.'
        end as liability_reason,
        {{ confidence(
            'is_inferred',
            'case when is_pod_remarked then is_remarked_by_transporter or is_gate_filmed'
            ~ ' else is_pod_signed and is_gate_filmed end'
        ) }} as confidence
    from consignments

),

final as (

    select
        {{ discrepancy_columns('carton_short_at_gate', 'consignment', ['liable', 'window', 'camera_code']) }}
    from found

)

select * from final
