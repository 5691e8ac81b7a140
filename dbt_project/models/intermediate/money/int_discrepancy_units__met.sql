-- Units of a discrepancy met with the invoice and the debit of the same units of their RTV line: what came
-- back lies first on the line, what is only priced after it (ruling 55). One row per placed units, debit line
-- and invoice line; units that no debit covers have a null debit.
with

placed as (

    select * from {{ ref('int_discrepancy_units__placed') }}

),

allocations as (

    select * from {{ ref('int_invoice_allocations__allocated') }}

),

debited_units as (

    select * from {{ ref('int_debited_units__taped') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

debit_ends as (

    select
        rtv_line_key,
        max(ends_qty) as ends_qty
    from debited_units
    group by rtv_line_key

),

-- The last stretch of a line is debited by nothing.
debit_tape as (

    select
        rtv_line_key,
        debit_line_key,
        unit_value_minor,
        starts_qty,
        ends_qty
    from debited_units
    union all
    select
        rtv_lines.rtv_line_key,
        null as debit_line_key,
        {{ typed('count') }} as unit_value_minor,
        coalesce(debit_ends.ends_qty, 0) as starts_qty,
        greatest(rtv_lines.declared_qty, coalesce(debit_ends.ends_qty, 0)) as ends_qty
    from rtv_lines
    left join debit_ends
        on rtv_lines.rtv_line_key = debit_ends.rtv_line_key
    where rtv_lines.declared_qty > coalesce(debit_ends.ends_qty, 0)

),

allocation_tape as (

    select
        allocations.rtv_line_key,
        allocations.demand_kind,
        allocations.unit_price_minor,
        allocations.gst_rate,
        allocations.allocated_qty,
        case when allocations.demand_kind = 'notional' then rtv_lines.returned_qty else 0 end as before_qty,
        sum(allocations.allocated_qty) over (
            partition by allocations.rtv_line_key, allocations.demand_kind
            order by allocations.allocation_rank
        ) as ends_qty
    from allocations
    inner join rtv_lines
        on allocations.rtv_line_key = rtv_lines.rtv_line_key

),

met as (

    select
        placed.placed_key,
        debit_tape.debit_line_key,
        debit_tape.unit_value_minor,
        allocation_tape.unit_price_minor,
        allocation_tape.gst_rate,
        least(
            allocation_tape.before_qty + placed.ends_at,
            allocation_tape.before_qty + allocation_tape.ends_qty,
            debit_tape.ends_qty
        ) - greatest(
            allocation_tape.before_qty + placed.ends_at - placed.valued_qty,
            allocation_tape.before_qty + allocation_tape.ends_qty - allocation_tape.allocated_qty,
            debit_tape.starts_qty
        ) as priced_qty
    from placed
    inner join allocation_tape
        on
            placed.rtv_line_key = allocation_tape.rtv_line_key
            and placed.demand_kind = allocation_tape.demand_kind
            and placed.ends_at > allocation_tape.ends_qty - allocation_tape.allocated_qty
            and allocation_tape.ends_qty > placed.ends_at - placed.valued_qty
    inner join debit_tape
        on
            placed.rtv_line_key = debit_tape.rtv_line_key
            and allocation_tape.before_qty + placed.ends_at > debit_tape.starts_qty
            and debit_tape.ends_qty > allocation_tape.before_qty + placed.ends_at - placed.valued_qty

),

final as (

    select
        placed_key,
        debit_line_key,
        unit_value_minor,
        unit_price_minor,
        gst_rate,
        {{ typed('count', 'priced_qty') }} as priced_qty
    from met
    where priced_qty > 0

)

select * from final
