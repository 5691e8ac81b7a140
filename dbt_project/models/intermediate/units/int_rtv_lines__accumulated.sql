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
        cast(
            sum(declared_qty) over (
                partition by tenant_code, platform_code, sku_code
                order by first_created_at, rtv_no
            ) as bigint
        ) as sku_declared_qty,
        cast(
            sum(declared_qty) over (
                partition by tenant_code, platform_code, sku_code, batch_no
                order by first_created_at, rtv_no
            ) as bigint
        ) as batch_declared_qty
    from counted

),

-- Dispatches and lines in one row of time: each line sees what was dispatched up to it, itself included.
happened as (

    select
        cast(null as text) as line_key,
        tenant_code,
        platform_code,
        sku_code,
        batch_no,
        dispatched_at as happened_at,
        dispatched_at,
        qty as dispatched_qty,
        1 as place
    from dispatches
    where
        dispatched_at is not null
        and platform_code is not null
        and sku_code is not null
    union all
    select
        line_key,
        tenant_code,
        platform_code,
        sku_code,
        batch_no,
        first_created_at as happened_at,
        null as dispatched_at,
        0 as dispatched_qty,
        2 as place
    from declared

),

dispatched as (

    select
        line_key,
        sum(dispatched_qty) over of_sku as sku_dispatched_qty,
        sum(dispatched_qty) over of_batch as batch_dispatched_qty,
        max(dispatched_at) over of_sku as sku_dispatched_at,
        max(dispatched_at) over of_batch as batch_dispatched_at
    from happened
    window
        of_sku as (
            partition by tenant_code, platform_code, sku_code
            order by happened_at, place
        ),
        of_batch as (
            partition by tenant_code, platform_code, sku_code, batch_no
            order by happened_at, place
        )

),

measured as (

    select
        declared.*,
        cast(dispatched.sku_dispatched_qty as bigint) as sku_dispatched_qty,
        cast(
            case
                when declared.batch_no is null then dispatched.sku_dispatched_qty
                else dispatched.batch_dispatched_qty
            end as bigint
        ) as measured_dispatched_qty,
        case
            when declared.batch_no is null then declared.sku_declared_qty
            else declared.batch_declared_qty
        end as measured_declared_qty,
        case
            when declared.batch_no is null then dispatched.sku_dispatched_at
            else dispatched.batch_dispatched_at
        end as last_dispatched_at
    from declared
    inner join dispatched
        on declared.line_key = dispatched.line_key

),

final as (

    select
        line_key,
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        declared_qty,
        sku_declared_qty,
        sku_dispatched_qty,
        first_created_at,
        expiry_on,
        created_on,
        {{ local_date('last_dispatched_at', 'timezone') }} as last_dispatched_on,
        measured_declared_qty,
        measured_dispatched_qty
    from measured

)

select * from final
