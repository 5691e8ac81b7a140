-- Allocations with their invoice and the reason for it, and what stays unallocated (ruling 58).
-- One row per demand and invoice line, or null invoice.
with

demands as (

    select * from {{ ref('int_allocation_demands__ranked') }}

),

dealt as (

    select * from {{ ref('int_invoice_allocations__dealt') }}

),

supplies as (

    select * from {{ ref('int_dispatches__returnable') }}

),

found as (

    select
        dealt.demand_key,
        supplies.invoice_no,
        supplies.invoice_line_no,
        supplies.supply_no,
        dealt.allocated_qty,
        dealt.credited_qty,
        dealt.settled_qty,
        dealt.credit_note_no,
        dealt.period_on,
        supplies.unit_price_minor,
        supplies.gst_rate,
        supplies.mrp_minor,
        supplies.batch_no as invoice_batch_no,
        supplies.is_in_tax_window,
        supplies.invoice_on,
        supplies.credit_note_due_on
    from dealt
    inner join demands
        on dealt.demand_key = demands.demand_key
    inner join supplies
        on
            demands.tenant_code = supplies.tenant_code
            and demands.platform_code = supplies.platform_code
            and demands.sku_code = supplies.sku_code
            and dealt.supply_no = supplies.supply_no

),

missed as (

    select
        demands.demand_key,
        null::text as invoice_no,
        null::text as invoice_line_no,
        null::bigint as supply_no,
        demands.demand_qty - coalesce(sum(found.allocated_qty), 0)::bigint as allocated_qty,
        0 as credited_qty,
        0 as settled_qty,
        null::text as credit_note_no,
        null::date as period_on,
        null::bigint as unit_price_minor,
        null::numeric as gst_rate,
        null::bigint as mrp_minor,
        null::text as invoice_batch_no,
        null::boolean as is_in_tax_window,
        null::date as invoice_on,
        null::date as credit_note_due_on
    from demands
    left join found
        on demands.demand_key = found.demand_key
    group by demands.demand_key, demands.demand_qty
    having demands.demand_qty > coalesce(sum(found.allocated_qty), 0)

),

stacked as (

    select * from found
    union all
    select * from missed

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
