-- The units of a closed line that are short or replaced are exactly those its discrepancies stand for.
-- Returns lines where they differ.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}

),

explained as (

    select
        line_key,
        sum(explained_qty) as explained_qty
    from legs
    where is_complete
    group by line_key

)

select
    lines.rtv_line_key,
    lines.short_qty,
    lines.unit_short_qty,
    explained.explained_qty
from lines
left join explained
    on lines.rtv_line_key = explained.line_key
where
    lines.short_qty <> lines.unit_short_qty + coalesce(explained.explained_qty, 0)
    or lines.unit_short_qty < 0
