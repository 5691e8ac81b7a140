-- Returned units on the invoices they were sold on (ruling 58). One row per RTV line and invoice line.
with

allocations as (

    select * from {{ ref('int_invoice_allocations__allocated') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

final as (

    select
        allocations.allocation_key as invoice_allocation_key,
        allocations.rtv_line_key,
        allocations.tenant_code,
        rtv_lines.platform_code,
        rtv_lines.rtv_no,
        rtv_lines.sku_code,
        rtv_lines.batch_no,
        allocations.invoice_no,
        allocations.invoice_line_no,
        rtv_lines.currency_code,
        allocations.allocated_qty,
        allocations.credited_qty,
        allocations.unit_price_minor,
        allocations.gst_rate,
        allocations.allocated_qty * allocations.unit_price_minor as allocated_minor,
        {{ half_up(
            'allocations.allocated_qty * allocations.unit_price_minor * allocations.gst_rate / 100'
        ) }} as tax_minor,
        allocations.invoice_no is not null as is_allocated,
        allocations.allocation_reason,
        allocations.invoice_on,
        allocations.credit_note_due_on
    from allocations
    inner join rtv_lines
        on allocations.rtv_line_key = rtv_lines.rtv_line_key
    where allocations.demand_kind = 'returned'

)

select * from final
