-- Dispatch invoice lines with what is not settled of them, newest first. One row per invoice line.
with

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

settled_units as (

    select * from {{ ref('int_settled_units__placed') }}

),

settled as (

    select
        tenant_code,
        invoice_no,
        invoice_line_no,
        sum(settled_qty) as settled_qty
    from settled_units
    group by tenant_code, invoice_no, invoice_line_no

),

final as (

    select
        {{ surrogate_key(
            ['dispatches.tenant_code', 'dispatches.invoice_no', 'dispatches.invoice_line_no']
        ) }} as dispatch_key,
        dispatches.tenant_code,
        dispatches.platform_code,
        dispatches.sku_code,
        dispatches.batch_no,
        dispatches.invoice_no,
        dispatches.invoice_line_no,
        row_number() over (
            partition by dispatches.tenant_code, dispatches.platform_code, dispatches.sku_code
            order by dispatches.invoice_on desc, dispatches.invoice_no asc, dispatches.invoice_line_no asc
        ) as supply_no,
        dispatches.qty as dispatched_qty,
        {{ typed('count', 'greatest(dispatches.qty - coalesce(settled.settled_qty, 0), 0)') }}
            as returnable_qty,
        {{ currency_of('dispatches.currency_code') }} as currency_code,
        dispatches.unit_price_minor,
        dispatches.gst_rate,
        dispatches.mrp_minor,
        {{ credit_note_due_on('dispatches.invoice_on') }}
        >= {{ local_date(as_of(), reporting_timezone()) }} as is_in_tax_window,
        dispatches.invoice_on,
        {{ credit_note_due_on('dispatches.invoice_on') }} as credit_note_due_on
    from dispatches
    left join settled
        on
            dispatches.tenant_code = settled.tenant_code
            and dispatches.invoice_no = settled.invoice_no
            and dispatches.invoice_line_no = settled.invoice_line_no

)

select * from final
