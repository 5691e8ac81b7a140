-- Debited units of an RTV line side by side: each debit line's stretch of the line's units, in the order of
-- debit notes (ruling 14). One row per debit line and RTV line.
with

assigned as (

    select * from {{ ref('int_debit_lines__assigned') }}

),

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

tallied as (

    select
        assigned.debit_line_key,
        assigned.rtv_line_key,
        assigned.tenant_code,
        assigned.assigned_qty,
        debits.unit_value_minor,
        sum(assigned.assigned_qty) over (
            partition by assigned.rtv_line_key
            order by debits.debit_note_no, debits.debit_line_no, assigned.debit_line_key
        ) as ends_qty
    from assigned
    inner join debits
        on assigned.debit_line_key = debits.debit_line_key

),

final as (

    select
        debit_line_key,
        rtv_line_key,
        tenant_code,
        unit_value_minor,
        {{ typed('count', 'ends_qty - assigned_qty') }} as starts_qty,
        {{ typed('count', 'ends_qty') }} as ends_qty
    from tallied

)

select * from final
