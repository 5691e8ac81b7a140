-- Units beyond what was declared, with the verdicts they met, which are no discrepancy of their own (ruling
-- 44). One row per RTV line with surplus.
with

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

final as (

    select
        unit_lines.line_key,
        min(items.node_code) as node_code,
        min(items.bay_code) as bay_code,
        {{ also_met_verdicts('') }} as also_met,
        bool_and(items.is_filmed) as is_filmed,
        min(items.seen_at) as window_start_at,
        max(items.seen_at) as window_end_at
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key
    where unit_lines.assigned_as = 'surplus'
    group by unit_lines.line_key

)

select * from final
