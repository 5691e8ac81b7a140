-- Units of invoice lines that are settled: a credit note was issued for them, or the month of their return
-- was closed with them there; what is both counts once (ruling 58). One row per invoice line and RTV, and one
-- per invoice line for credits of no known RTV.
with

credited as (

    select * from {{ ref('int_credit_notes__placed') }}

),

closed as (

    select * from {{ ref('stg_ops__fixed_allocations') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

stacked as (

    select
        tenant_code,
        invoice_no,
        invoice_line_no,
        rtv_key,
        credited_qty,
        0 as closed_qty,
        credit_note_no,
        {{ typed('day') }} as period_on
    from credited
    union all
    select
        closed.tenant_code,
        closed.invoice_no,
        closed.invoice_line_no,
        rtvs.rtv_key,
        0 as credited_qty,
        closed.allocated_qty as closed_qty,
        {{ typed('text') }} as credit_note_no,
        closed.period_on
    from closed
    inner join rtvs
        on
            closed.tenant_code = rtvs.tenant_code
            and closed.platform_code = rtvs.platform_code
            and closed.rtv_no = rtvs.rtv_no
            and not rtvs.is_duplicate

),

final as (

    select
        tenant_code,
        invoice_no,
        invoice_line_no,
        rtv_key,
        {{ typed('count', 'greatest(sum(credited_qty), sum(closed_qty))') }} as settled_qty,
        {{ typed('count', 'sum(credited_qty)') }} as credited_qty,
        min(credit_note_no) as credit_note_no,
        min(period_on) as period_on
    from stacked
    group by tenant_code, invoice_no, invoice_line_no, rtv_key

)

select * from final
