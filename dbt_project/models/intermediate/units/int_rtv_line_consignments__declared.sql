-- How a line's units were declared over consignments, duplicates left out. One row per RTV line and
-- consignment.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

final as (

    select
        manifest_lines.line_key,
        manifest_lines.consignment_key,
        manifest_lines.rtv_key,
        manifest_lines.tenant_code,
        manifest_lines.sku_code,
        manifest_lines.batch_no,
        sum(manifest_lines.qty)::bigint as declared_qty
    from manifest_lines
    inner join rtvs
        on manifest_lines.rtv_key = rtvs.rtv_key
    where not rtvs.is_duplicate
    group by 1, 2, 3, 4, 5, 6

)

select * from final
