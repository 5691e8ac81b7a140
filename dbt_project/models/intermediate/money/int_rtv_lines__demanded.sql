-- RTV lines with what pricing needs to know of them. One row per RTV line, duplicate RTVs left out.
with

rtv_lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

final as (

    select
        rtv_lines.rtv_line_key,
        rtv_lines.rtv_key,
        rtv_lines.tenant_code,
        rtv_lines.platform_code,
        rtv_lines.rtv_no,
        rtv_lines.sku_code,
        rtv_lines.batch_no,
        rtv_lines.declared_qty,
        rtv_lines.unit_value_minor as declared_unit_minor,
        rtvs.created_on,
        rtvs.first_created_at,
        {{ currency_of('rtv_lines.currency_code') }} as currency_code,
        rtv_lines.accepted_qty + rtv_lines.condition_failed_qty as returned_qty,
        rtv_lines.declared_qty - rtv_lines.accepted_qty - rtv_lines.condition_failed_qty as missing_qty
    from rtv_lines
    inner join rtvs
        on rtv_lines.rtv_key = rtvs.rtv_key
    where
        not rtvs.is_duplicate
        and rtv_lines.sku_code is not null
        and rtv_lines.declared_qty > 0

)

select * from final
