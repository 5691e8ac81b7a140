-- Fewer cartons were picked up than the platform declared. One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where missing_at_pickup_cartons > 0

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
        null as runner_up_role,
        is_closed as is_final,
        first_picked_up_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        'The platform declared ' || {{ counted('declared_cartons', 'carton') }}
        || ', the transporter picked up '
        || picked_up_cartons
        || case
            when gate_cartons <= picked_up_cartons then ' and the gate received ' || gate_cartons else ''
        end
        || '; so ' || missing_at_pickup_cartons || ' never left the platform.' as liability_reason,
        {{ confidence('is_inferred', 'gate_cartons <= picked_up_cartons') }} as confidence
    from consignments

),

final as (

    select
        {{ discrepancy_columns(
            'carton_short_at_pickup', 'consignment', ['liable', 'window', 'camera_code']
        ) }}
    from found

)

select * from final
