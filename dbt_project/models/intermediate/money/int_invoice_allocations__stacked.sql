-- What was dealt to each demand with the facts of its invoice line, and what of it no invoice line covers
-- (ruling 58). One row per demand and invoice line, or null invoice.
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

final as (

    select * from found
    union all
    select * from missed

)

select * from final
