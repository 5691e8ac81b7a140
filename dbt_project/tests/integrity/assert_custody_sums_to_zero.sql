-- Double entry: over all accounts, each line and the whole ledger sum to zero, and no movement stands
-- outside a line. Returns lines that do not.
with

movements as (

    select * from {{ ref('fct_custody_movements') }}

),

lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

entries as (

    select
        rtv_line_key,
        from_account as account_code,
        -moved_qty as qty
    from movements
    union all
    select
        rtv_line_key,
        to_account as account_code,
        moved_qty as qty
    from movements

),

summed as (

    select
        rtv_line_key,
        sum(qty) as balance_qty
    from entries
    group by rtv_line_key
    union all
    select
        'in total' as rtv_line_key,
        coalesce(sum(qty), 0) as balance_qty
    from entries
    union all
    select
        movements.rtv_line_key,
        sum(movements.moved_qty) as balance_qty
    from movements
    left join lines
        on movements.rtv_line_key = lines.rtv_line_key
    where
        lines.rtv_line_key is null
        or movements.moved_qty <= 0
        or movements.from_account = movements.to_account
    group by movements.rtv_line_key

)

select * from summed
where balance_qty <> 0
