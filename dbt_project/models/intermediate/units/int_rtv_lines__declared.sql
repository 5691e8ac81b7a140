-- What each RTV declares of a SKU and batch. One row per declared RTV line.
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
        manifest_lines.rtv_key,
        manifest_lines.tenant_code,
        manifest_lines.platform_code,
        manifest_lines.rtv_no,
        manifest_lines.sku_code,
        manifest_lines.batch_no,
        min(manifest_lines.reason_code) as reason_code,
        min(manifest_lines.currency_code) as currency_code,
        min(manifest_lines.expiry_on) as expiry_on,
        sum(manifest_lines.qty)::bigint as declared_qty,
        sum(manifest_lines.qty * manifest_lines.unit_value_minor)::bigint as declared_value_minor,
        max(manifest_lines.unit_value_minor)::bigint as unit_value_minor,
        bool_or(rtvs.is_duplicate) as is_duplicate,
        min(manifest_lines.first_created_at) as first_created_at
    from manifest_lines
    inner join rtvs
        on manifest_lines.rtv_key = rtvs.rtv_key
    group by 1, 2, 3, 4, 5, 6, 7

)

select * from final
