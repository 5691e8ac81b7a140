-- Units of debit lines that no RTV line of their unit value took, dealt to what is left of lines of their
-- currency, in batch order (rulings 13, 14). One row per debit line and RTV line.
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

valued_alike as (

    select * from {{ ref('int_debit_lines__valued_alike') }}

),

debits_dealt as (

    select
        debit_line_key,
        sum(assigned_qty) as assigned_qty
    from valued_alike
    group by debit_line_key

),

lines_dealt as (

    select
        rtv_line_key,
        sum(assigned_qty) as assigned_qty
    from valued_alike
    group by rtv_line_key

),

debits_left as (

    select
        debit_lines.debit_line_key,
        debit_lines.tenant_code,
        debit_lines.platform_code,
        debit_lines.rtv_no,
        debit_lines.sku_code,
        debit_lines.debit_currency_code,
        debit_lines.qty - coalesce(debits_dealt.assigned_qty, 0) as left_qty,
        sum(debit_lines.qty - coalesce(debits_dealt.assigned_qty, 0)) over (
            partition by
                debit_lines.tenant_code,
                debit_lines.platform_code,
                debit_lines.rtv_no,
                debit_lines.sku_code,
                debit_lines.debit_currency_code
            order by debit_lines.debit_note_no, debit_lines.debit_line_no
        ) as ends_at
    from debit_lines
    left join debits_dealt
        on debit_lines.debit_line_key = debits_dealt.debit_line_key
    -- A line dealt in full takes no more, and moves no end of another's.
    where debit_lines.qty > coalesce(debits_dealt.assigned_qty, 0)

),

lines_left as (

    select
        rtv_lines.rtv_line_key,
        rtv_lines.tenant_code,
        rtv_lines.platform_code,
        rtv_lines.rtv_no,
        rtv_lines.sku_code,
        rtv_lines.currency_code,
        rtv_lines.declared_qty - coalesce(lines_dealt.assigned_qty, 0) as left_qty,
        sum(rtv_lines.declared_qty - coalesce(lines_dealt.assigned_qty, 0)) over (
            partition by
                rtv_lines.tenant_code,
                rtv_lines.platform_code,
                rtv_lines.rtv_no,
                rtv_lines.sku_code,
                rtv_lines.currency_code
            order by rtv_lines.batch_no nulls last
        ) as ends_at
    from rtv_lines
    left join lines_dealt
        on rtv_lines.rtv_line_key = lines_dealt.rtv_line_key
    where rtv_lines.declared_qty > coalesce(lines_dealt.assigned_qty, 0)

),

final as (

    select
        debits_left.debit_line_key,
        lines_left.rtv_line_key,
        least(debits_left.ends_at, lines_left.ends_at) - greatest(
            debits_left.ends_at - debits_left.left_qty,
            lines_left.ends_at - lines_left.left_qty
        ) as assigned_qty
    from debits_left
    inner join lines_left
        on
            debits_left.tenant_code = lines_left.tenant_code
            and debits_left.platform_code = lines_left.platform_code
            and debits_left.rtv_no = lines_left.rtv_no
            and debits_left.sku_code = lines_left.sku_code
            and debits_left.debit_currency_code = lines_left.currency_code
    where
        debits_left.ends_at > lines_left.ends_at - lines_left.left_qty
        and lines_left.ends_at > debits_left.ends_at - debits_left.left_qty

)

select * from final
