-- The MRPs that are right for a platform's SKU and batch: those it was invoiced with (ruling 48). One row
-- per platform, SKU, batch and MRP.
with

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

final as (

    select
        tenant_code,
        platform_code,
        sku_code,
        batch_no,
        mrp_minor,
        max(invoice_on) as last_invoiced_on
    from dispatches
    where mrp_minor is not null
    group by tenant_code, platform_code, sku_code, batch_no, mrp_minor

)

select * from final
