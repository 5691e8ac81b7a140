-- Relation fct_invoice_allocations of the star schema for BI tools: amounts in currency units, local times.
with

invoice_allocations as (

    select * from {{ ref('fct_invoice_allocations') }}

),

final as (

    select
        invoice_allocation_key,
        rtv_line_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        invoice_no,
        invoice_line_no,
        currency_code,
        allocated_qty,
        credited_qty,
        is_allocated,
        allocation_reason,
        invoice_on,
        credit_note_due_on,
        {{ major_units('unit_price_minor') }} as unit_price_amount,
        gst_rate::numeric(18, 4) as gst_rate,
        {{ major_units('allocated_minor') }} as allocated_amount,
        {{ major_units('tax_minor') }} as tax_amount
    from invoice_allocations

)

select * from final
