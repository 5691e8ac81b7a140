-- Complete lines with what no leg explains of their short units, beside their surplus (ruling 43). One row
-- per complete RTV line of a known SKU.
with

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

completed as (

    select * from {{ ref('int_rtv_lines__completed') }}

),

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

explained as (

    select
        line_key,
        sum(explained_qty) as explained_qty
    from legs
    group by line_key

),

final as (

    select
        lines.line_key,
        lines.rtv_key,
        lines.tenant_code,
        lines.sku_code,
        lines.batch_no,
        lines.surplus_qty,
        skus.brand_code,
        skus.category,
        skus.mrp_minor,
        greatest(lines.unseen_qty - coalesce(explained.explained_qty, 0), 0)::bigint as short_qty
    from lines
    inner join completed
        on
            lines.line_key = completed.line_key
            and completed.is_complete
    left join explained
        on lines.line_key = explained.line_key
    left join skus
        on
            lines.tenant_code = skus.tenant_code
            and lines.sku_code = skus.sku_code
    where lines.sku_code is not null

)

select * from final
