-- Law of units, second half, for every line and in total. Returns lines that break it.
with

lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

balanced as (

    select
        rtv_line_key,
        received_qty
        - (accepted_qty + condition_failed_qty + excess_qty + substituted_qty + foreign_qty) as difference_qty
    from lines
    union all
    select
        'in total' as rtv_line_key,
        sum(received_qty)
        - sum(accepted_qty + condition_failed_qty + excess_qty + substituted_qty + foreign_qty)
            as difference_qty
    from lines

)

select * from balanced
where difference_qty <> 0
