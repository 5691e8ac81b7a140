-- Relation fct_consignments of the star schema for BI tools: amounts in currency units, local times.
with

consignments as (

    select * from {{ ref('fct_consignments') }}

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
        pickup_seal_state,
        gate_seal_state,
        pod_remark,
        stage,
        is_blind,
        is_qc_complete,
        is_lost,
        is_pod_remarked,
        is_match_inferred,
        declared_weight_kg::numeric(18, 4) as declared_weight_kg,
        picked_up_weight_kg::numeric(18, 4) as picked_up_weight_kg,
        gate_weight_kg::numeric(18, 4) as gate_weight_kg,
        {{ local_time('picked_up_at') }} as picked_up_local_at,
        {{ local_time('delivered_at') }} as delivered_local_at,
        {{ local_time('handover_at') }} as handover_local_at,
        {{ local_time('qc_started_at') }} as qc_started_local_at,
        {{ local_time('qc_completed_at') }} as qc_completed_local_at
    from consignments

)

select * from final
