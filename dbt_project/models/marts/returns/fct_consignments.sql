-- Physical movements with their cartons counted leg by leg. One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__attested') }}

),

final as (

    select
        consignment_key,
        tenant_code,
        transporter_code,
        awb_no,
        platform_code,
        rtv_no,
        origin_node,
        destination_node,
        node_code,
        bay_code,
        camera_code,
        receiver_role,
        receiver_party_code,
        rtv_count,
        declared_qty,
        scanned_qty,
        declared_cartons,
        picked_up_cartons,
        delivered_cartons,
        gate_cartons,
        captured_cartons,
        declared_weight_kg,
        picked_up_weight_kg,
        gate_weight_kg,
        pickup_seal_state,
        gate_seal_state,
        pod_remark,
        is_qc_complete,
        is_lost,
        is_pod_remarked,
        is_match_inferred,
        first_picked_up_at as picked_up_at,
        delivered_at,
        first_handover_at as handover_at,
        first_started_at as qc_started_at,
        qc_completed_at,
        case
            when is_lost then 'lost'
            when is_qc_complete then 'closed'
            when capture_count > 0 then 'in_qc'
            when receipt_count > 0 then 'at_gate'
            when delivered_at is not null then 'delivered'
            when first_in_transit_at is not null then 'in_transit'
            when first_picked_up_at is not null then 'picked_up'
            else 'declared'
        end as stage,
        rtv_count = 0 as is_blind
    from consignments

)

select * from final
