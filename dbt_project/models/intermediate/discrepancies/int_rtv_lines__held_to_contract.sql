-- Which terms of the contract in force a declared line breaks: reason, return period, shelf life at return,
-- cap (ruling 52). One row per declared RTV line that is held to a contract.
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
        {{ joined_texts('manifest_lines.reason_code', ', ') }} as refused_reason_code
    from manifest_lines
    inner join contracts
        on manifest_lines.rtv_key = contracts.rtv_key
    where not {{ is_listed('contracts.allowed_reasons', 'manifest_lines.reason_code') }}
    group by manifest_lines.line_key

),

final as (

    select
        lines.line_key,
        lines.tenant_code,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        lines.declared_qty,
        lines.sku_declared_qty,
        lines.sku_dispatched_qty,
        lines.first_created_at,
        lines.expiry_on,
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

)

select * from final
