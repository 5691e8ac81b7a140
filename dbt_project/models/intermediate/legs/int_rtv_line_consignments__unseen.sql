-- Units of a line not seen, laid on the consignment that declared them (ruling 41); of RTVs that are without
-- goods for good nothing is left to explain (ruling 36). One row per RTV line and consignment.
with

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

filled as (

    select
        unit_lines.line_key,
        items.consignment_key,
        sum(unit_lines.qty) as filled_qty
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key
    where unit_lines.assigned_as = 'filled'
    group by unit_lines.line_key, items.consignment_key

),

lacking as (

    select
        line_consignments.*,
        lines.unseen_qty as line_unseen_qty,
        lines.first_created_at,
        greatest(line_consignments.declared_qty - coalesce(filled.filled_qty, 0), 0) as lacking_qty
    from line_consignments
    inner join lines
        on line_consignments.line_key = lines.line_key
    inner join rtvs
        on
            lines.rtv_key = rtvs.rtv_key
            and not rtvs.is_finally_without_goods
    left join filled
        on
            line_consignments.line_key = filled.line_key
            and line_consignments.consignment_key = filled.consignment_key

),

capped as (

    select
        *,
        sum(lacking_qty) over (partition by line_key order by consignment_key) - lacking_qty as lacking_before
    from lacking

),

final as (

    select
        line_key,
        consignment_key,
        rtv_key,
        tenant_code,
        sku_code,
        batch_no,
        declared_qty,
        first_created_at,
        least(lacking_qty, greatest(line_unseen_qty - lacking_before, 0))::bigint as unseen_qty
    from capped

)

select * from final
