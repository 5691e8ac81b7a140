-- Units with less shelf life left at pickup than the contract asks for (ruling 47). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'near_expiry'

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        min(transporter_code) as transporter_code,
        min(awb_no) as awb_no,
        min(node_code) as node_code,
        min(bay_code) as bay_code,
        0::bigint as expected_qty,
        sum(qty)::bigint as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        sum(qty) || ' units with an expiry from ' || min(expiry_on) || ' to ' || max(expiry_on)
        || ' had less shelf life left than the contract asks for when picked up on '
        || min(picked_up_on)
        || '.' as liability_reason,
        case
            when bool_or(is_match_inferred) then 'low'
            when bool_and(is_filmed and is_pickup_recorded) then 'high'
            else 'medium'
        end as confidence,
        null::text as runner_up_role,
        {{ also_met_verdicts('near_expiry') }} as also_met,
        true as is_final,
        min(seen_at) as first_seen_at,
        min(seen_at) as window_start_at,
        max(seen_at) as window_end_at
    from placed
    group by tenant_code, platform_code, rtv_no, sku_code, batch_no

),

final as (

    select
        {{ discrepancy_columns('near_expiry', ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'transporter_code', 'awb_no', 'expected_qty',
            'observed_qty', 'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role',
            'is_final', 'first_seen_at', 'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'also_met']) }}
    from found

)

select * from final
