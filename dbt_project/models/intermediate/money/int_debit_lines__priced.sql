-- Debit lines against the invoices that their units are allocated to: what is debited above the price, and
-- what the original rates make of the tax (rulings 55, 57). One row per debit line.
with

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

debited_units as (

    select * from {{ ref('int_debited_units__taped') }}

),

allocations as (

    select * from {{ ref('int_invoice_allocations__allocated') }}

),

evidenced as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

-- What came back first, then what is only priced (ruling 55).
allocated_units as (

    select
        *,
        sum(allocated_qty) over (
            partition by rtv_line_key
            order by case demand_kind when 'returned' then 1 else 2 end, allocation_rank
        ) as ends_at
    from allocations

),

met as (

    select
        debited_units.debit_line_key,
        debited_units.unit_value_minor,
        allocated_units.unit_price_minor,
        allocated_units.gst_rate,
        least(debited_units.ends_qty, allocated_units.ends_at) - greatest(
            debited_units.starts_qty,
            allocated_units.ends_at - allocated_units.allocated_qty
        ) as met_qty
    from debited_units
    inner join allocated_units
        on
            debited_units.rtv_line_key = allocated_units.rtv_line_key
            and debited_units.ends_qty > allocated_units.ends_at - allocated_units.allocated_qty
            and debited_units.starts_qty < allocated_units.ends_at
            and allocated_units.invoice_no is not null

),

summed as (

    select
        debit_line_key,
        sum(case when unit_price_minor < unit_value_minor then met_qty else 0 end) as variance_qty,
        sum(met_qty * greatest(unit_value_minor - unit_price_minor, 0)) as variance_minor,
        sum(case when gst_rate is not null then met_qty else 0 end) as taxed_qty,
        sum(met_qty * unit_value_minor * coalesce(gst_rate, 0) / 100) as invoice_tax_minor,
        min(unit_price_minor) as lowest_price_minor
    from met
    group by debit_line_key

),

final as (

    select
        debits.debit_line_key,
        debits.tenant_code,
        debits.platform_code,
        debits.debit_note_no,
        debits.debit_line_no,
        debits.rtv_no,
        debits.sku_code,
        debits.qty,
        coalesce(summed.variance_qty, 0)::bigint as variance_qty,
        debits.unit_value_minor,
        summed.lowest_price_minor,
        coalesce(summed.variance_minor, 0)::bigint as variance_minor,
        debits.tax_amount_minor,
        {{ half_up(
            'coalesce(summed.invoice_tax_minor, 0) + debits.tax_amount_minor'
            ~ ' * (debits.qty - coalesce(summed.taxed_qty, 0))::numeric / debits.qty'
        ) }} as expected_tax_minor,
        debits.is_duplicate_rtv or coalesce(evidenced.is_finally_without_goods, false) as is_disputed_whole,
        debits.debited_on
    from debits
    left join summed
        on debits.debit_line_key = summed.debit_line_key
    left join evidenced
        on debits.rtv_key = evidenced.rtv_key

)

select * from final
