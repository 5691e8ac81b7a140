-- Which units of an RTV line each final discrepancy of the platform disputes, each unit once; an overlay
-- counts for what the others leave (ruling 59). One row per RTV line and discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

units as (

    select * from {{ ref('int_discrepancy_units__placed') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

platform_liable as (

    select
        discrepancies.*,
        rules.rule_order
    from discrepancies
    inner join rules
        on discrepancies.rule_code = rules.rule_code
    where
        discrepancies.liable_role = 'platform'
        and discrepancies.is_final

),

own as (

    select
        units.rtv_line_key,
        units.discrepancy_key,
        sum(units.valued_qty) as line_qty,
        sum(sum(units.valued_qty)) over (
            partition by units.rtv_line_key
            order by platform_liable.rule_order, units.discrepancy_key
        ) as ends_at
    from units
    inner join platform_liable
        on units.discrepancy_key = platform_liable.discrepancy_key
    where
        units.rtv_line_key is not null
        and not platform_liable.is_overlay
        and platform_liable.rule_code not in ('debit_without_goods', 'duplicate_manifest')
    group by units.rtv_line_key, units.discrepancy_key, platform_liable.rule_order

),

covered as (

    select
        rtv_line_key,
        max(ends_at) as covered_qty
    from own
    group by rtv_line_key

),

-- Overlays cover the same units as each other too: only what reaches further counts.
overlaid as (

    select
        rtv_lines.rtv_line_key,
        platform_liable.discrepancy_key,
        greatest(
            coalesce(covered.covered_qty, 0),
            coalesce(
                max(platform_liable.discrepancy_qty) over (
                    partition by rtv_lines.rtv_line_key
                    order by platform_liable.rule_order, platform_liable.discrepancy_key
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as starts_at,
        greatest(
            coalesce(covered.covered_qty, 0),
            max(platform_liable.discrepancy_qty) over (
                partition by rtv_lines.rtv_line_key
                order by platform_liable.rule_order, platform_liable.discrepancy_key
                rows between unbounded preceding and current row
            )
        ) as ends_at
    from platform_liable
    inner join rtv_lines
        on
            platform_liable.tenant_code = rtv_lines.tenant_code
            and platform_liable.platform_code = rtv_lines.platform_code
            and platform_liable.rtv_no = rtv_lines.rtv_no
            and platform_liable.sku_code = rtv_lines.sku_code
            and platform_liable.batch_no is not distinct from rtv_lines.batch_no
    left join covered
        on rtv_lines.rtv_line_key = covered.rtv_line_key
    where platform_liable.is_overlay

),

stacked as (

    select
        rtv_line_key,
        discrepancy_key,
        ends_at - line_qty as starts_at,
        ends_at
    from own
    union all
    select
        rtv_line_key,
        discrepancy_key,
        starts_at,
        ends_at
    from overlaid
    where ends_at > starts_at

),

final as (

    select
        rtv_line_key,
        discrepancy_key,
        starts_at::bigint as starts_qty,
        ends_at::bigint as ends_qty
    from stacked

)

select * from final
