-- Fewer cartons were delivered than were picked up (ruling 28). One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where missing_in_transit_cartons > 0

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
        standing_picked_up_cartons as expected_qty,
        standing_delivered_cartons as observed_qty,
        'transporter' as liable_role,
        transporter_code as liable_party_code,
        null as runner_up_role,
        is_closed as is_final,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        case
            when picked_up_cartons is null then 'The platform declared '
            else 'The transporter picked up '
        end
        || {{ counted('standing_picked_up_cartons', 'carton') }} || '; '
        || case
            when delivered_cartons is null then 'no delivery count is known and the gate received '
            else 'delivered were '
        end
        || standing_delivered_cartons || '.' as liability_reason,
        {{ confidence(
            'is_inferred',
            'picked_up_cartons is not null and ('
            ~ 'gate_cartons <= delivered_cartons or delivered_cartons is null and is_gate_filmed)'
        ) }} as confidence,
        coalesce(delivered_at, first_handover_at) as first_seen_at
    from consignments

),

final as (

    select
        {{ discrepancy_columns(
            'carton_lost_in_transit', 'consignment', ['liable', 'window', 'camera_code']
        ) }}
    from found

)

select * from final
