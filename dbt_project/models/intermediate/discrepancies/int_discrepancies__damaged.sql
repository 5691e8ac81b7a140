-- Units graded damaged or leaking, in transit or in storage (ruling 46). One row per RTV line and liable
-- role.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'damaged'

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
        damage_liable_role as liable_role,
        case when damage_liable_role = 'transporter' then min(transporter_code) else platform_code end
            as liable_party_code,
        sum(qty) || case
            when damage_liable_role = 'transporter' and bool_or(is_pod_remarked)
                then ' units are damaged, and the proof of delivery carries a remark.'
            when damage_liable_role = 'transporter' then ' units are damaged, and so was their carton.'
            else ' units are damaged inside a carton that no remark speaks of.'
        end as liability_reason,
        case
            when bool_or(is_match_inferred) then 'low'
            when bool_and(is_filmed) then 'high'
            else 'medium'
        end as confidence,
        case
            when
                damage_liable_role = 'transporter'
                and not bool_and(is_pod_remarked and damage_cause = 'carton')
                then 'platform'
            when damage_liable_role = 'platform' and not coalesce(bool_and(damage_cause = 'storage'), false)
                then 'transporter'
        end as runner_up_role,
        {{ also_met_verdicts('damaged') }} as also_met,
        true as is_final,
        min(seen_at) as first_seen_at,
        min(seen_at) as window_start_at,
        max(seen_at) as window_end_at
    from placed
    group by tenant_code, platform_code, rtv_no, sku_code, batch_no, damage_liable_role

),

final as (

    select
        {{ discrepancy_columns('damaged', ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'liable_role'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'transporter_code', 'awb_no', 'expected_qty',
            'observed_qty', 'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role',
            'is_final', 'first_seen_at', 'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'also_met']) }}
    from found

)

select * from final
