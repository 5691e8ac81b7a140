-- Units used, tampered with, or with an opened or broken seal (ruling 45). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'used_or_tampered'

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
        sum(qty)
        || ' units were graded used, tampered with, or with an opened or broken seal.' as liability_reason,
        case
            when bool_or(is_match_inferred) then 'low'
            when bool_and(is_filmed) then 'high'
            else 'medium'
        end as confidence,
        null::text as runner_up_role,
        {{ also_met_verdicts('used_or_tampered') }} as also_met,
        true as is_final,
        min(seen_at) as first_seen_at,
        min(seen_at) as window_start_at,
        max(seen_at) as window_end_at
    from placed
    group by tenant_code, platform_code, rtv_no, sku_code, batch_no

),

final as (

    select
        {{ discrepancy_columns('used_or_tampered', ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'transporter_code', 'awb_no', 'expected_qty',
            'observed_qty', 'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role',
            'is_final', 'first_seen_at', 'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'also_met']) }}
    from found

)

select * from final
