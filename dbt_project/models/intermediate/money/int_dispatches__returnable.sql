-- Dispatch invoice lines with their returnable balance, newest first. One row per invoice line.
with

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

credit_notes as (

    select * from {{ ref('stg_rtv__credit_notes') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

foreign_credits as (

    select
        credit_notes.tenant_code,
        credit_notes.invoice_no,
        credit_notes.invoice_line_no,
        sum(credit_notes.qty) as credited_qty
    from credit_notes
    left join rtvs
        on
            credit_notes.tenant_code = rtvs.tenant_code
            and credit_notes.rtv_no = rtvs.rtv_no
    where rtvs.rtv_no is null
    group by credit_notes.tenant_code, credit_notes.invoice_no, credit_notes.invoice_line_no

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
        greatest(dispatches.qty - coalesce(foreign_credits.credited_qty, 0), 0)::bigint as returnable_qty,
        dispatches.unit_price_minor,
        dispatches.gst_rate,
        dispatches.mrp_minor,
        {{ credit_note_due_on('dispatches.invoice_on') }}
        >= {{ local_date(as_of(), reporting_timezone()) }} as is_in_tax_window,
        dispatches.invoice_on,
        {{ credit_note_due_on('dispatches.invoice_on') }} as credit_note_due_on
    from dispatches
    left join foreign_credits
        on
            dispatches.tenant_code = foreign_credits.tenant_code
            and dispatches.invoice_no = foreign_credits.invoice_no
            and dispatches.invoice_line_no = foreign_credits.invoice_line_no

)

select * from final
