-- Debit lines, split into what is accepted, disputed and written off (ruling 59), in the month where they
-- count (ruling 64). One row per debit note line.
with

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

settled as (

    select * from {{ ref('int_debit_disputes__settled') }}

),

disputed as (

    select
        debit_line_key,
        sum(disputed_minor)::bigint as disputed_minor,
        sum(won_minor)::bigint as won_minor,
        sum(lost_minor)::bigint as lost_minor,
        sum(clawed_back_minor)::bigint as clawed_back_minor,
        sum(disputed_minor - won_minor - lost_minor - clawed_back_minor)::bigint as open_minor
    from settled
    group by debit_line_key

),

closed_months as (

    select * from {{ ref('stg_ops__closed_periods') }}

),

write_offs as (

    select * from {{ ref('stg_ops__write_offs') }}

),

-- The month after the last closed one is the first that is open (ruling 64).
opened as (

    select
        tenant_code,
        max(period_on) + interval '1 month' as first_open_on
    from closed_months
    group by tenant_code

),

stood as (

    select
        debits.*,
        {{ start_of_month('debits.debited_on') }} as own_period_on,
        closed_months.period_on is not null as is_adjustment,
        opened.first_open_on,
        coalesce(disputed.disputed_minor, 0) as questioned_minor,
        coalesce(disputed.won_minor, 0) as won_minor,
        coalesce(disputed.lost_minor, 0) as lost_minor,
        coalesce(disputed.clawed_back_minor, 0) as clawed_back_minor,
        least(coalesce(write_offs.written_off_minor, 0), coalesce(disputed.open_minor, 0))
            as written_off_minor
    from debits
    left join disputed
        on debits.debit_line_key = disputed.debit_line_key
    left join write_offs
        on
            debits.tenant_code = write_offs.tenant_code
            and debits.platform_code = write_offs.platform_code
            and debits.debit_note_no = write_offs.debit_note_no
            and debits.debit_line_no = write_offs.debit_line_no
    left join closed_months
        on
            debits.tenant_code = closed_months.tenant_code
            and {{ start_of_month('debits.debited_on') }} = closed_months.period_on
    left join opened
        on debits.tenant_code = opened.tenant_code

),

final as (

    select
        debit_line_key,
        tenant_code,
        platform_code,
        debit_note_no,
        debit_line_no,
        rtv_no,
        sku_code,
        platform_sku,
        qty as debited_qty,
        unit_value_minor,
        tax_amount_minor as tax_minor,
        total_amount_minor as debited_minor,
        is_rtv_known,
        debited_on,
        written_off_minor,
        won_minor,
        lost_minor,
        clawed_back_minor,
        is_adjustment,
        total_amount_minor - questioned_minor as accepted_minor,
        questioned_minor - written_off_minor as disputed_minor,
        questioned_minor - written_off_minor - won_minor - lost_minor - clawed_back_minor as open_minor,
        {{ typed('day', 'case when is_adjustment then first_open_on else own_period_on end') }} as period_on,
        {{ currency_of('currency_code') }} as currency_code
    from stood

)

select * from final
