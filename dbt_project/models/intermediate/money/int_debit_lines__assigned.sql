-- Units of debit lines dealt to RTV lines of their currency: same unit value first, then any, in batch order
-- (rulings 13, 14).
-- One row per debit line and RTV line.
with

debit_lines as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

dealt as (

    select * from {{ ref('int_debit_lines__valued_alike') }}
    union all
    select * from {{ ref('int_debit_lines__valued_otherwise') }}

),

summed as (

    select
        debit_line_key,
        rtv_line_key,
        sum(assigned_qty)::bigint as assigned_qty
    from dealt
    group by debit_line_key, rtv_line_key

),

final as (

    select
        summed.debit_line_key,
        summed.rtv_line_key,
        debit_lines.tenant_code,
        debit_lines.unit_value_minor,
        summed.assigned_qty
    from summed
    inner join debit_lines
        on summed.debit_line_key = debit_lines.debit_line_key

)

select * from final
