-- Units that credit notes were issued for, on the invoice lines they name; a note that names no line fills
-- the lines of its invoice and SKU in their order (ruling 58). One row per credit note line and invoice line.
with

credit_notes as (

    select * from {{ ref('stg_rtv__credit_notes') }}

),

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

on_named_lines as (

    select
        credit_notes.tenant_code,
        credit_notes.credit_note_no,
        credit_notes.line_no,
        credit_notes.rtv_no,
        dispatches.invoice_no,
        dispatches.invoice_line_no,
        dispatches.platform_code,
        credit_notes.qty as credited_qty
    from credit_notes
    inner join dispatches
        on
            credit_notes.tenant_code = dispatches.tenant_code
            and credit_notes.invoice_no = dispatches.invoice_no
            and credit_notes.invoice_line_no = dispatches.invoice_line_no

),

lines_tallied as (

    select
        *,
        sum(qty) over (
            partition by tenant_code, invoice_no, sku_code
            order by invoice_line_no
        ) as ends_at
    from dispatches

),

notes_tallied as (

    select
        *,
        sum(qty) over (
            partition by tenant_code, invoice_no, sku_code
            order by credited_on, credit_note_no, line_no
        ) as ends_at
    from credit_notes
    where
        invoice_line_no is null
        and sku_code is not null

),

on_filled_lines as (

    select
        notes_tallied.tenant_code,
        notes_tallied.credit_note_no,
        notes_tallied.line_no,
        notes_tallied.rtv_no,
        lines_tallied.invoice_no,
        lines_tallied.invoice_line_no,
        lines_tallied.platform_code,
        least(notes_tallied.ends_at, lines_tallied.ends_at) - greatest(
            notes_tallied.ends_at - notes_tallied.qty, lines_tallied.ends_at - lines_tallied.qty
        ) as credited_qty
    from notes_tallied
    inner join lines_tallied
        on
            notes_tallied.tenant_code = lines_tallied.tenant_code
            and notes_tallied.invoice_no = lines_tallied.invoice_no
            and notes_tallied.sku_code = lines_tallied.sku_code
            and notes_tallied.ends_at > lines_tallied.ends_at - lines_tallied.qty
            and lines_tallied.ends_at > notes_tallied.ends_at - notes_tallied.qty

),

stacked as (

    select * from on_named_lines
    union all
    select * from on_filled_lines

),

final as (

    select
        stacked.tenant_code,
        stacked.credit_note_no,
        stacked.line_no,
        stacked.invoice_no,
        stacked.invoice_line_no,
        rtvs.rtv_key,
        {{ typed('count', 'stacked.credited_qty') }} as credited_qty
    from stacked
    left join rtvs
        on
            stacked.tenant_code = rtvs.tenant_code
            and stacked.platform_code = rtvs.platform_code
            and stacked.rtv_no = rtvs.rtv_no
            and not rtvs.is_duplicate
    where stacked.credited_qty > 0

)

select * from final
