-- More cartons came through the gate than the last count before it (ruling 39). One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where excess_cartons > 0

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
        null as runner_up_role,
        true as is_final,
        first_handover_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        'The gate received ' || {{ counted('gate_cartons', 'carton') }} || '; the last count before it was '
        || last_known_cartons
        || case when declared_cartons = last_known_cartons then ', as declared.' else '.' end
            as liability_reason,
        {{ confidence('is_inferred', 'is_gate_filmed and declared_cartons = last_known_cartons') }}
            as confidence
    from consignments

),

final as (

    select
        {{ discrepancy_columns('carton_excess', 'consignment', ['liable', 'window', 'camera_code']) }}
    from found

)

select * from final
