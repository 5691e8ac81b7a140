-- Cartons of a consignment leg by leg, with what is missing on each and whether its QC is complete (rulings
-- 3, 8, 23, 28, 31, 32, 35). One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

moved as (

    select * from {{ ref('int_consignments__moved') }}

),

received as (

    select * from {{ ref('int_consignments__received') }}

),

captured as (

    select * from {{ ref('int_consignments__captured') }}

),

contracts as (

    select * from {{ ref('int_consignments__contracted') }}

),

joined as (

    select
        consignments.*,
        moved.picked_up_cartons,
        moved.picked_up_weight_kg,
        moved.pickup_seal_state,
        received.gate_seal_state,
        received.gate_cartons,
        received.gate_weight_kg,
        received.camera_code,
        captured.captured_cartons,
        moved.first_picked_up_at,
        moved.first_in_transit_at,
        moved.delivered_at,
        moved.lost_event_at,
        received.first_handover_at,
        received.last_handover_at,
        captured.first_started_at,
        captured.last_ended_at,
        contracts.oldest_rtv_key,
        contracts.pickup_due_days,
        contracts.lost_after_days,
        contracts.weight_tolerance_pct,
        contracts.delivery_due_days,
        contracts.qc_due_hours,
        case
            when moved.last_delivered_cartons is null then moved.partially_delivered_cartons
            else moved.last_delivered_cartons + coalesce(moved.partially_delivered_cartons, 0)
        end as delivered_cartons,
        coalesce(moved.is_pod_signed, false) as is_pod_signed,
        coalesce(moved.is_pod_remarked, false)
        or coalesce(received.is_gate_remarked, false) as is_pod_remarked,
        coalesce(moved.pod_remark, received.gate_remark) as pod_remark,
        coalesce(moved.pickup_seal_state in ('broken', 'missing'), moved.is_pickup_seal_remarked, false)
            as is_seal_broken_at_pickup,
        coalesce(received.unsealed_receipt_count, 0) as unsealed_receipt_count,
        coalesce(received.receipt_count, 0) as receipt_count,
        coalesce(received.is_gate_filmed, false) as is_gate_filmed,
        coalesce(received.node_code, captured.node_code, consignments.destination_node) as node_code,
        coalesce(received.bay_code, captured.bay_code) as bay_code,
        coalesce(captured.capture_count, 0) as capture_count,
        coalesce(captured.scanned_qty, 0) as scanned_qty,
        coalesce(captured.is_any_carton_named, false) as is_any_capture_named,
        coalesce(captured.is_every_carton_named, false) as is_every_capture_named,
        coalesce(captured.is_filmed, false) as is_filmed,
        coalesce(captured.is_last_carton_captured, false)
        or coalesce(
            captured.captured_cartons > 0 and captured.captured_cartons >= received.gate_cartons, false
        )
            as is_qc_complete
    from consignments
    left join moved
        on consignments.consignment_key = moved.consignment_key
    left join received
        on consignments.consignment_key = received.consignment_key
    left join captured
        on consignments.consignment_key = captured.consignment_key
    left join contracts
        on consignments.consignment_key = contracts.consignment_key

),

stood as (

    select
        *,
        coalesce(picked_up_cartons, declared_cartons) as standing_picked_up_cartons,
        coalesce(delivered_cartons, gate_cartons) as standing_delivered_cartons,
        coalesce(delivered_cartons, picked_up_cartons, declared_cartons) as last_known_cartons,
        coalesce(picked_up_weight_kg, declared_weight_kg) as sent_weight_kg,
        (
            receipt_count = 0
            and capture_count = 0
            and (
                coalesce(
                    first_picked_up_at is not null
                    and delivered_at is null
                    and {{ is_past('lost_after_days', 'first_picked_up_at') }},
                    false
                )
                or coalesce(lost_event_at >= coalesce(delivered_at, lost_event_at), false)
            )
        ) as is_lost
    from joined

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
        rtv_count,
        declared_qty,
        declared_cartons,
        declared_weight_kg,
        is_carton_named,
        first_created_at,
        picked_up_cartons,
        picked_up_weight_kg,
        pickup_seal_state,
        gate_seal_state,
        gate_cartons,
        gate_weight_kg,
        camera_code,
        captured_cartons,
        first_picked_up_at,
        first_in_transit_at,
        delivered_at,
        lost_event_at,
        first_handover_at,
        last_handover_at,
        first_started_at,
        last_ended_at,
        oldest_rtv_key,
        pickup_due_days,
        lost_after_days,
        weight_tolerance_pct,
        delivery_due_days,
        qc_due_hours,
        delivered_cartons,
        is_pod_signed,
        is_pod_remarked,
        pod_remark,
        is_seal_broken_at_pickup,
        unsealed_receipt_count,
        receipt_count,
        is_gate_filmed,
        node_code,
        bay_code,
        capture_count,
        scanned_qty,
        is_any_capture_named,
        is_every_capture_named,
        is_filmed,
        is_qc_complete,
        standing_picked_up_cartons,
        standing_delivered_cartons,
        last_known_cartons,
        sent_weight_kg,
        is_lost,
        coalesce(greatest(declared_cartons - picked_up_cartons, 0), 0) as missing_at_pickup_cartons,
        coalesce(greatest(standing_picked_up_cartons - standing_delivered_cartons, 0), 0)
            as missing_in_transit_cartons,
        coalesce(greatest(delivered_cartons - gate_cartons, 0), 0) as missing_at_gate_cartons,
        coalesce(greatest(gate_cartons - last_known_cartons, 0), 0) as excess_cartons,
        coalesce(
            standing_picked_up_cartons = gate_cartons
            and sent_weight_kg > gate_weight_kg
            and (sent_weight_kg - gate_weight_kg) * 100 > weight_tolerance_pct * sent_weight_kg,
            false
        ) as is_underweight,
        coalesce(
            standing_picked_up_cartons = gate_cartons
            and sent_weight_kg is not null
            and gate_weight_kg is not null
            and weight_tolerance_pct is not null,
            false
        ) as is_weight_compared,
        case when is_qc_complete then last_ended_at end as qc_completed_at
    from stood

)

select * from final
