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
        supplies.unit_price_minor,
        supplies.gst_rate,
        supplies.mrp_minor,
        supplies.batch_no as invoice_batch_no,
        supplies.is_in_tax_window,
        supplies.invoice_on,
        supplies.credit_note_due_on
    from dealt
    inner join supplies
        on
            dealt.tenant_code = supplies.tenant_code
            and dealt.platform_code = supplies.platform_code
            and dealt.sku_code = supplies.sku_code
            and dealt.supply_no = supplies.supply_no

),

missed as (

    select
        demands.demand_key,
        null::text as invoice_no,
        null::text as invoice_line_no,
        null::bigint as supply_no,
        demands.demand_qty - coalesce(sum(found.allocated_qty), 0)::bigint as allocated_qty,
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

final as (

    select
        {{ surrogate_key(
            ['stacked.demand_key', 'stacked.invoice_no', 'stacked.invoice_line_no']
        ) }} as allocation_key,
        stacked.demand_key,
        demands.rtv_line_key,
        demands.tenant_code,
        demands.demand_kind,
        stacked.invoice_no,
        stacked.invoice_line_no,
        row_number() over (
            partition by stacked.demand_key
            order by
                (stacked.invoice_no is null) asc,
                (stacked.invoice_batch_no = demands.batch_no) desc nulls last,
                (stacked.unit_price_minor = demands.reference_price_minor) desc nulls last,
                stacked.is_in_tax_window desc nulls last,
                stacked.supply_no asc
        ) as allocation_rank,
        stacked.allocated_qty,
        stacked.unit_price_minor,
        stacked.gst_rate,
        stacked.mrp_minor,
        case
            when stacked.invoice_no is null
                then 'no returnable balance is left on invoices of this platform and SKU up to the return'
            else
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
                || case
                    when stacked.is_in_tax_window then ', inside the tax window' else ', past the tax window'
                end
                || ', invoiced on ' || stacked.invoice_on
        end as allocation_reason,
        stacked.invoice_on,
        stacked.credit_note_due_on
    from stacked
    inner join demands
        on stacked.demand_key = demands.demand_key

)

select * from final
