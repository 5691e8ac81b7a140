-- Debit lines, split into what is accepted and what is disputed (ruling 59). One row per debit note line.
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
        sum(clawed_back_minor)::bigint as clawed_back_minor
    from settled
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
        debits.platform_sku,
        debits.qty as debited_qty,
        debits.unit_value_minor,
        debits.tax_amount_minor as tax_minor,
        debits.total_amount_minor as debited_minor,
        debits.is_rtv_known,
        debits.debited_on,
        0::bigint as written_off_minor,
        debits.total_amount_minor - coalesce(disputed.disputed_minor, 0) as accepted_minor,
        coalesce(debits.currency_code, 'INR') as currency_code,
        coalesce(disputed.disputed_minor, 0) as disputed_minor,
        coalesce(
            disputed.disputed_minor - disputed.won_minor - disputed.lost_minor - disputed.clawed_back_minor, 0
        ) as open_minor,
        coalesce(disputed.won_minor, 0) as won_minor,
        coalesce(disputed.lost_minor, 0) as lost_minor,
        coalesce(disputed.clawed_back_minor, 0) as clawed_back_minor
    from debits
    left join disputed
        on debits.debit_line_key = disputed.debit_line_key

)

select * from final
