-- Law of units, first half, for every line and in total. Returns lines that break it.
with

lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

balanced as (

    select
        rtv_line_key,
        declared_qty
        - (accepted_qty + condition_failed_qty + short_qty + wrong_item_in_place_qty + pending_qty)
            as difference_qty
    from lines
    union all
    select
        'in total' as rtv_line_key,
        sum(declared_qty)
        - sum(accepted_qty + condition_failed_qty + short_qty + wrong_item_in_place_qty + pending_qty)
            as difference_qty
    from lines

)

select * from balanced
where difference_qty <> 0
