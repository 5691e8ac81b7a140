-- Units of debit lines dealt to RTV lines of their currency and unit value, in batch order (rulings 13, 14).
-- One row per debit line and RTV line.
with

debit_lines as (

    select
        *,
        {{ currency_of('currency_code') }} as debit_currency_code
    from {{ ref('int_debit_lines__mapped') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

debits_tallied as (

    select
        *,
        sum(qty) over (
            partition by tenant_code, platform_code, rtv_no, sku_code, debit_currency_code, unit_value_minor
            order by debit_note_no, debit_line_no
        ) as ends_at
    from debit_lines

),

lines_tallied as (

    select
        *,
        sum(declared_qty) over (
            partition by tenant_code, platform_code, rtv_no, sku_code, currency_code, declared_unit_minor
            order by batch_no nulls last
        ) as ends_at
    from rtv_lines

),

final as (

    select
        debits_tallied.debit_line_key,
        lines_tallied.rtv_line_key,
        least(debits_tallied.ends_at, lines_tallied.ends_at) - greatest(
            debits_tallied.ends_at - debits_tallied.qty,
            lines_tallied.ends_at - lines_tallied.declared_qty
        ) as assigned_qty
    from debits_tallied
    inner join lines_tallied
        on
            debits_tallied.tenant_code = lines_tallied.tenant_code
            and debits_tallied.platform_code = lines_tallied.platform_code
            and debits_tallied.rtv_no = lines_tallied.rtv_no
            and debits_tallied.sku_code = lines_tallied.sku_code
            and debits_tallied.debit_currency_code = lines_tallied.currency_code
            and debits_tallied.unit_value_minor = lines_tallied.declared_unit_minor
    where
        debits_tallied.ends_at > lines_tallied.ends_at - lines_tallied.declared_qty
        and lines_tallied.ends_at > debits_tallied.ends_at - debits_tallied.qty

)

select * from final
