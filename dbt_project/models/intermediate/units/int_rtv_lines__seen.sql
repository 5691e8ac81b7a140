-- What was seen of each RTV line, lines made by surplus and foreign units included (rulings 19, 20, 53).
-- One row per RTV line.
with

declared_lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

seen as (

    select
        unit_lines.line_key,
        unit_lines.rtv_key,
        unit_lines.sku_code,
        unit_lines.batch_no,
        sum(case when unit_lines.assigned_as = 'filled' then unit_lines.qty else 0 end) as filled_qty,
        sum(
            case
                when
                    unit_lines.assigned_as = 'filled' and items.condition_verdict is not null
                    then unit_lines.qty
                else 0
            end
        ) as condition_failed_qty,
        sum(case when unit_lines.assigned_as = 'surplus' then unit_lines.qty else 0 end) as surplus_qty,
        sum(case when unit_lines.assigned_as = 'foreign' then unit_lines.qty else 0 end) as foreign_qty,
        min(items.seen_at) as first_seen_at,
        min(items.started_at) as window_start_at,
        max(items.ended_at) as window_end_at
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key
    group by unit_lines.line_key, unit_lines.rtv_key, unit_lines.sku_code, unit_lines.batch_no

),

all_lines as (

    select
        line_key,
        rtv_key,
        sku_code,
        batch_no
    from declared_lines
    union
    select
        line_key,
        rtv_key,
        sku_code,
        batch_no
    from seen

),

final as (

    select
        all_lines.line_key,
        all_lines.rtv_key,
        rtvs.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        all_lines.sku_code,
        all_lines.batch_no,
        declared_lines.unit_value_minor,
        rtvs.is_duplicate,
        rtvs.first_created_at,
        seen.first_seen_at,
        seen.window_start_at,
        seen.window_end_at,
        coalesce(declared_lines.currency_code, rtvs.currency_code, 'INR') as currency_code,
        coalesce(declared_lines.declared_qty, 0)::bigint as declared_qty,
        coalesce(seen.filled_qty, 0)::bigint as filled_qty,
        coalesce(seen.condition_failed_qty, 0)::bigint as condition_failed_qty,
        coalesce(seen.surplus_qty, 0)::bigint as surplus_qty,
        coalesce(seen.foreign_qty, 0)::bigint as foreign_qty,
        (coalesce(declared_lines.declared_qty, 0) - coalesce(seen.filled_qty, 0))::bigint as unseen_qty,
        coalesce(declared_lines.declared_value_minor, 0)::bigint as declared_value_minor
    from all_lines
    inner join rtvs
        on all_lines.rtv_key = rtvs.rtv_key
    left join declared_lines
        on all_lines.line_key = declared_lines.line_key
    left join seen
        on all_lines.line_key = seen.line_key

)

select * from final
