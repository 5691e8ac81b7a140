-- A gate receipt found the seal broken or missing (ruling 32). One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where unsealed_receipt_count > 0

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
        0 as expected_qty,
        unsealed_receipt_count as observed_qty,
        true as is_final,
        first_handover_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        case when is_seal_broken_at_pickup then 'platform' else 'transporter' end as liable_role,
        case when is_seal_broken_at_pickup then platform_code else transporter_code end as liable_party_code,
        -- Only a seal recorded at pickup excludes that it was broken before.
        case when not is_seal_broken_at_pickup and pickup_seal_state is null then 'platform' end
            as runner_up_role,
        'At the gate ' || unsealed_receipt_count || ' of '
        || {{ counted('receipt_count', 'receipt') }} || ' found the seal '
        || gate_seal_state
        || case
            when is_seal_broken_at_pickup then '; it was not intact at pickup either.'
            when pickup_seal_state is not null then '; at pickup it was recorded ' || pickup_seal_state || '.'
            else '; nothing at pickup says it was not intact.'
        end as liability_reason,
        {{ confidence('is_inferred', 'is_seal_broken_at_pickup or pickup_seal_state is not null') }}
            as confidence
    from consignments

),

final as (

    select
        {{ discrepancy_columns('seal_broken', 'consignment', ['liable', 'window', 'camera_code']) }}
    from found

)

select * from final
