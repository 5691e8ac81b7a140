-- Consignments with what bears out, or casts doubt on, the facts that a liable role rests on (ruling 62). One
-- row per consignment.
with

attested as (

    select * from {{ ref('int_consignments__attested') }}

),

moved as (

    select * from {{ ref('int_consignments__moved') }}

),

aliased as (

    select distinct consignment_key
    from {{ ref('int_awbs__matched') }}
    where match_method = 'awb_alias'

),

-- Papers that whoever hands the goods over keeps, so a second record of the pickup.
handed_over as (

    select distinct
        tenant_code,
        awb_no
    from {{ ref('stg_rtv__documents') }}
    where document_type in ('lr', 'gate_pass', 'challan')

),

-- Nothing else is said of RTVs that are without goods for good (ruling 36).
without_goods as (

    select declared.consignment_key
    from {{ ref('int_consignment_rtvs__declared') }} as declared
    inner join {{ ref('int_rtvs__evidenced') }} as rtvs
        on declared.rtv_key = rtvs.rtv_key
    group by declared.consignment_key
    having bool_and(rtvs.is_finally_without_goods)

),

final as (

    select
        attested.consignment_key,
        attested.tenant_code,
        attested.transporter_code,
        attested.awb_no,
        attested.platform_code,
        attested.rtv_no,
        attested.rtv_count,
        attested.declared_cartons,
        attested.picked_up_cartons,
        attested.standing_picked_up_cartons,
        attested.delivered_cartons,
        attested.standing_delivered_cartons,
        attested.gate_cartons,
        attested.last_known_cartons,
        attested.missing_at_pickup_cartons,
        attested.missing_in_transit_cartons,
        attested.missing_at_gate_cartons,
        attested.excess_cartons,
        attested.picked_up_weight_kg,
        attested.sent_weight_kg,
        attested.gate_weight_kg,
        attested.is_weight_compared,
        attested.is_underweight,
        attested.receipt_count,
        attested.unsealed_receipt_count,
        attested.pickup_seal_state,
        attested.gate_seal_state,
        attested.is_seal_broken_at_pickup,
        attested.is_seal_broken_in_transit,
        attested.pod_remark,
        attested.is_pod_remarked,
        attested.is_pod_signed,
        attested.capture_count,
        attested.scanned_qty,
        attested.is_counted_by_two,
        attested.is_gate_filmed,
        attested.is_filmed,
        attested.is_lost,
        attested.is_closed,
        attested.receiver_role,
        attested.receiver_party_code,
        attested.pickup_due_days,
        attested.delivery_due_days,
        attested.lost_after_days,
        attested.qc_due_hours,
        attested.node_code,
        attested.bay_code,
        attested.camera_code,
        attested.first_created_at,
        attested.first_picked_up_at,
        attested.delivered_at,
        attested.lost_event_at,
        attested.first_handover_at,
        attested.last_handover_at,
        attested.first_started_at,
        attested.last_ended_at,
        attested.qc_completed_at,
        attested.is_match_inferred or aliased.consignment_key is not null as is_inferred,
        coalesce(moved.is_pod_remarked, false) as is_remarked_by_transporter,
        handed_over.awb_no is not null as is_pickup_papered
    from attested
    left join moved
        on attested.consignment_key = moved.consignment_key
    left join aliased
        on attested.consignment_key = aliased.consignment_key
    left join handed_over
        on
            attested.tenant_code = handed_over.tenant_code
            and attested.awb_no = handed_over.awb_no
    left join without_goods
        on attested.consignment_key = without_goods.consignment_key
    where without_goods.consignment_key is null

)

select * from final
