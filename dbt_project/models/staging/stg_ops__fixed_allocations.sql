-- Allocations fixed when their month was closed. One row per return, SKU and invoice line.
with

source as (

    select * from {{ source('ops', 'fixed_allocations') }}

),

final as (

    select
        tenant_code,
        period_on,
        platform_code,
        rtv_no,
        sku_code,
        invoice_no,
        invoice_line_no,
        allocated_qty
    from source

)

select * from final
