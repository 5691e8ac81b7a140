-- A gate receipt found the seal broken or missing (ruling 32). One row per consignment.
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
        0::bigint as expected_qty,
        unsealed_receipt_count as observed_qty,
        true as is_final,
        first_handover_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        case when is_seal_broken_at_pickup then 'platform' else 'transporter' end as liable_role,
        case when is_seal_broken_at_pickup then platform_code else transporter_code end as liable_party_code,
        'At the gate the seal was ' || gate_seal_state
        || case
            when is_seal_broken_at_pickup then '; it was not intact at pickup either.'
            when pickup_seal_state = 'intact' then '; at pickup it was recorded intact.'
            else '; nothing at pickup says it was not intact.'
        end as liability_reason,
        case
            when is_match_inferred then 'low'
            when pickup_seal_state is not null or is_seal_broken_at_pickup or is_gate_filmed then 'high'
            else 'medium'
        end as confidence,
        case when not is_seal_broken_at_pickup and pickup_seal_state is null then 'platform' end
            as runner_up_role
    from consignments
    where
        unsealed_receipt_count > 0

),

final as (

    select
        {{ discrepancy_columns('seal_broken', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'first_seen_at',
            'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'camera_code']) }}
    from found

)

select * from final
