-- Allocations with their invoice and the reason for it, and what stays unallocated (ruling 58).
-- One row per demand and invoice line, or null invoice.
with

demands as (

    select * from {{ ref('int_allocation_demands__ranked') }}

),

stacked as (

    select * from {{ ref('int_invoice_allocations__stacked') }}

),

worded as (

    select
        stacked.*,
        ', invoiced on ' || stacked.invoice_on as invoiced_words,
        coalesce(
            'credit note ' || stacked.credit_note_no || ' was issued on it',
            'the month of ' || stacked.period_on || ' is closed with it'
        ) as settled_words,
        case
            when stacked.invoice_batch_no = demands.batch_no then 'same batch'
            when demands.batch_no is null then 'the return names no batch'
            else 'of its own batch no balance was invoiced or left'
        end
        || case
            when stacked.unit_price_minor = demands.reference_price_minor then ', price as '
            else ', price other than '
        end
        || case when demands.is_debited then 'debited' else 'declared' end
        || case when stacked.is_in_tax_window then ', inside the tax window' else ', past the tax window' end
            as fit_words
    from stacked
    inner join demands
        on stacked.demand_key = demands.demand_key

),

final as (

    select
        {{ surrogate_key(
            ['worded.demand_key', 'worded.invoice_no', 'worded.invoice_line_no']
        ) }} as allocation_key,
        worded.demand_key,
        demands.rtv_line_key,
        demands.tenant_code,
        demands.demand_kind,
        worded.invoice_no,
        worded.invoice_line_no,
        row_number() over (
            partition by worded.demand_key
            order by
                (worded.invoice_no is null) asc,
                (worded.invoice_batch_no = demands.batch_no) desc nulls last,
                (worded.unit_price_minor = demands.reference_price_minor) desc nulls last,
                worded.is_in_tax_window desc nulls last,
                worded.supply_no asc
        ) as allocation_rank,
        worded.allocated_qty,
        worded.credited_qty,
        worded.unit_price_minor,
        worded.gst_rate,
        worded.mrp_minor,
        case
            when worded.invoice_no is null
                then 'no returnable balance is left on invoices of this platform and SKU up to the return'
            when worded.settled_qty = worded.allocated_qty
                then worded.settled_words || worded.invoiced_words
            when worded.settled_qty > 0
                then
                    worded.settled_words || ' for ' || {{ counted('worded.settled_qty', 'unit') }}
                    || ', the others: ' || worded.fit_words || worded.invoiced_words
            else worded.fit_words || worded.invoiced_words
        end as allocation_reason,
        worded.invoice_on,
        worded.credit_note_due_on
    from worded
    inner join demands
        on worded.demand_key = demands.demand_key

)

select * from final
