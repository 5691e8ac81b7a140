-- What a platform was sent of an article up to each return, and what it had declared back by then (rulings
-- 51, 52). One row per declared RTV line; duplicates and returns without goods are left out.
with

lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

evidenced as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

counted as (

    select
        lines.line_key,
        lines.rtv_key,
        lines.tenant_code,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        lines.expiry_on,
        lines.declared_qty,
        rtvs.first_created_at,
        rtvs.created_on,
        coalesce(nodes.timezone, {{ reporting_timezone() }}) as timezone
    from lines
    inner join rtvs
        on lines.rtv_key = rtvs.rtv_key
    inner join evidenced
        on lines.rtv_key = evidenced.rtv_key
    left join nodes
        on
            rtvs.tenant_code = nodes.tenant_code
            and rtvs.origin_node = nodes.node_code
    where
        not rtvs.is_duplicate
        and not evidenced.is_finally_without_goods

),

-- Lines of one return are peers: each is measured with all of its return.
declared as (

    select
        *,
        sum(declared_qty) over (
            partition by tenant_code, platform_code, sku_code
            order by first_created_at, rtv_no
        )::bigint as sku_declared_qty,
        sum(declared_qty) over (
            partition by tenant_code, platform_code, sku_code, batch_no
            order by first_created_at, rtv_no
        )::bigint as batch_declared_qty
    from counted

),

dispatched as (

    select
        declared.line_key,
        coalesce(sum(dispatches.qty), 0)::bigint as sku_dispatched_qty,
        coalesce(
            sum(case when dispatches.batch_no = declared.batch_no then dispatches.qty end), 0
        )::bigint as batch_dispatched_qty,
        max(
            case
                when coalesce(dispatches.batch_no = declared.batch_no, declared.batch_no is null)
                    then {{ local_date('dispatches.dispatched_at', 'declared.timezone') }}
            end
        ) as last_dispatched_on
    from declared
    left join dispatches
        on
            declared.tenant_code = dispatches.tenant_code
            and declared.platform_code = dispatches.platform_code
            and declared.sku_code = dispatches.sku_code
            and declared.first_created_at >= dispatches.dispatched_at
    group by declared.line_key

),

final as (

    select
        declared.line_key,
        declared.rtv_key,
        declared.tenant_code,
        declared.platform_code,
        declared.rtv_no,
        declared.sku_code,
        declared.batch_no,
        declared.declared_qty,
        declared.sku_declared_qty,
        dispatched.sku_dispatched_qty,
        declared.first_created_at,
        declared.expiry_on,
        declared.created_on,
        dispatched.last_dispatched_on,
        case
            when declared.batch_no is null then declared.sku_declared_qty
            else declared.batch_declared_qty
        end as measured_declared_qty,
        case
            when declared.batch_no is null then dispatched.sku_dispatched_qty
            else dispatched.batch_dispatched_qty
        end as measured_dispatched_qty
    from declared
    inner join dispatched
        on declared.line_key = dispatched.line_key

)

select * from final
