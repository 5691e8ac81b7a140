-- Who recorded what about a consignment, as liability and confidence rest on it (rulings 34, 62). One row
-- per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

parties as (

    select * from {{ ref('stg_rtv__parties') }}

),

matched as (

    select
        consignment_key,
        bool_or(match_method in ('awb_alias', 'fit') or is_contradicted) as is_match_inferred
    from sightings
    group by consignment_key

),

final as (

    select
        consignments.consignment_key,
        consignments.tenant_code,
        consignments.transporter_code,
        consignments.awb_no,
        consignments.platform_code,
        consignments.rtv_no,
        consignments.origin_node,
        consignments.destination_node,
        consignments.rtv_count,
        consignments.declared_qty,
        consignments.declared_cartons,
        consignments.declared_weight_kg,
        consignments.is_carton_named,
        consignments.first_created_at,
        consignments.picked_up_cartons,
        consignments.picked_up_weight_kg,
        consignments.pickup_seal_state,
        consignments.gate_seal_state,
        consignments.gate_cartons,
        consignments.gate_weight_kg,
        consignments.camera_code,
        consignments.captured_cartons,
        consignments.first_picked_up_at,
        consignments.first_in_transit_at,
        consignments.delivered_at,
        consignments.lost_event_at,
        consignments.first_handover_at,
        consignments.last_handover_at,
        consignments.first_started_at,
        consignments.last_ended_at,
        consignments.oldest_rtv_key,
        consignments.pickup_due_days,
        consignments.lost_after_days,
        consignments.weight_tolerance_pct,
        consignments.delivery_due_days,
        consignments.qc_due_hours,
        consignments.delivered_cartons,
        consignments.is_pod_signed,
        consignments.is_pod_remarked,
        consignments.pod_remark,
        consignments.is_seal_broken_at_pickup,
        consignments.unsealed_receipt_count,
        consignments.receipt_count,
        consignments.is_gate_filmed,
        consignments.node_code,
        consignments.bay_code,
        consignments.capture_count,
        consignments.scanned_qty,
        consignments.is_any_capture_named,
        consignments.is_every_capture_named,
        consignments.is_filmed,
        consignments.is_qc_complete,
        consignments.standing_picked_up_cartons,
        consignments.standing_delivered_cartons,
        consignments.last_known_cartons,
        consignments.sent_weight_kg,
        consignments.is_lost,
        consignments.missing_at_pickup_cartons,
        consignments.missing_in_transit_cartons,
        consignments.missing_at_gate_cartons,
        consignments.excess_cartons,
        consignments.is_underweight,
        consignments.is_weight_compared,
        consignments.qc_completed_at,
        parties.party_code as receiver_party_code,
        parties.party_role as receiver_role,
        coalesce(matched.is_match_inferred, false) as is_match_inferred,
        consignments.is_qc_complete or consignments.is_lost as is_closed,
        consignments.unsealed_receipt_count > 0 and not consignments.is_seal_broken_at_pickup
            as is_seal_broken_in_transit,
        consignments.picked_up_cartons is not null and consignments.gate_cartons is not null
            as is_counted_by_two
    from consignments
    left join matched
        on consignments.consignment_key = matched.consignment_key
    left join nodes
        on
            consignments.tenant_code = nodes.tenant_code
            and consignments.node_code = nodes.node_code
    left join parties
        on
            nodes.tenant_code = parties.tenant_code
            and nodes.party_code = parties.party_code

)

select * from final
