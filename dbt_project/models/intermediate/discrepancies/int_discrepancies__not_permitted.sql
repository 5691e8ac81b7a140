-- Lines that break the contract in force: reason, return period, shelf life at return, cap (ruling 52). One
-- row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__accumulated') }}

),

contracts as (

    select * from {{ ref('int_rtvs__contracted') }}

),

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

reasons as (

    select
        manifest_lines.line_key,
        min(manifest_lines.reason_code) as refused_reason_code
    from manifest_lines
    inner join contracts
        on manifest_lines.rtv_key = contracts.rtv_key
    where not {{ is_listed('contracts.allowed_reasons', 'manifest_lines.reason_code') }}
    group by manifest_lines.line_key

),

judged as (

    select
        lines.*,
        reasons.refused_reason_code,
        contracts.return_period_days,
        contracts.min_shelf_life_pct,
        contracts.cap_pct,
        lines.created_on - lines.last_dispatched_on as age_days,
        coalesce(lines.created_on - lines.last_dispatched_on > contracts.return_period_days, false)
            as is_past_return_period,
        coalesce(
            (lines.expiry_on - lines.created_on) * 100 < contracts.min_shelf_life_pct * skus.shelf_life_days,
            false
        ) as is_short_lived,
        coalesce(lines.sku_declared_qty * 100 > contracts.cap_pct * lines.sku_dispatched_qty, false)
            as is_beyond_cap
    from lines
    inner join contracts
        on lines.rtv_key = contracts.rtv_key
    left join reasons
        on lines.line_key = reasons.line_key
    left join skus
        on
            lines.tenant_code = skus.tenant_code
            and lines.sku_code = skus.sku_code

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        0::bigint as expected_qty,
        declared_qty as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        'medium' as confidence,
        null::text as runner_up_role,
        true as is_final,
        true as is_overlay,
        first_created_at as first_seen_at,
        'The contract in force does not permit the return: ' || concat_ws(
            '; ',
            'the reason ' || refused_reason_code || ' is not allowed',
            case
                when is_past_return_period
                    then
                        'returned ' || age_days || ' days after the newest dispatch, allowed are '
                        || return_period_days
            end,
            case
                when is_short_lived
                    then
                        'its expiry ' || expiry_on || ' left less than ' || min_shelf_life_pct
                        || ' % of the shelf life when it was returned'
            end,
            case
                when is_beyond_cap
                    then
                        sku_declared_qty || ' units declared back of ' || sku_dispatched_qty
                        || ' dispatched are beyond the cap of ' || cap_pct || ' %'
            end
        ) || '.' as liability_reason
    from judged
    where
        refused_reason_code is not null
        or is_past_return_period
        or is_short_lived
        or is_beyond_cap

),

final as (

    select
        {{ discrepancy_columns('not_permitted', ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'is_overlay',
            'first_seen_at']) }}
    from found

)

select * from final
