{# One pass of dealing units to demand by running sums (ruling 19): within each group, units in their order
   are laid beside lines in theirs, and what overlaps is filled. Expects the relations units and lines of
   the calling model, and `filled_before` to name the fills of earlier passes; makes `filled_<number>`
   hold all fills so far. #}
{% macro filling_pass(number, scope, batch_rule) -%}
    {%- set before = 'filled_' ~ (number - 1) -%}
    units_filled_{{ number }} as (

    select
        unit_key,
        sum(qty) as qty
    from {{ before }}
    group by unit_key

),

lines_filled_{{ number }} as (

    select
        line_key,
        sum(qty) as qty
    from {{ before }}
    group by line_key

),

units_left_{{ number }} as (

    select
        units.unit_key,
        units.{{ scope }}_scope as scope_key,
        units.sku_code,
        {{ "units.batch_no" if batch_rule == 'same' else "''" }} as batch_group,
        units.is_failed,
        units.unit_order,
        units.qty - coalesce(filled.qty, 0) as left_qty
    from units
    left join units_filled_{{ number }} as filled
        on units.unit_key = filled.unit_key
    where units.{{ scope }}_scope is not null

),

unit_ranges_{{ number }} as (

    select
        *,
        sum(left_qty) over (
            partition by scope_key, sku_code, batch_group
            order by is_failed desc, unit_order
        ) as range_end
    from units_left_{{ number }}
    where
        left_qty > 0
        and batch_group is not null

),

lines_left_{{ number }} as (

    select
        lines.line_key,
        lines.{{ scope }}_scope as scope_key,
        lines.sku_code,
        {{ "lines.batch_no" if batch_rule == 'same' else "''" }} as batch_group,
        lines.line_order,
        {% if scope == 'consignment' -%}
            least(
                lines.scope_qty,
                greatest(lines.qty - coalesce(filled.qty, 0) - lines.scope_qty_before, 0)
            ) as left_qty
        {%- else -%}
        lines.qty - coalesce(filled.qty, 0) as left_qty
    {%- endif %}
    from {{ 'consignment_lines' if scope == 'consignment' else 'lines' }} as lines
    left join lines_filled_{{ number }} as filled
        on lines.line_key = filled.line_key
    {% if batch_rule == 'blank' -%}
        where lines.batch_no is null
    {%- endif %}

),

line_ranges_{{ number }} as (

    select
        *,
        sum(left_qty) over (
            partition by scope_key, sku_code, batch_group
            order by line_order
        ) as range_end
    from lines_left_{{ number }}
    where
        left_qty > 0
        and batch_group is not null

),

filled_{{ number }} as (

    select
        unit_key,
        line_key,
        pass_no,
        qty
    from {{ before }}
    union all
    select
        units.unit_key,
        lines.line_key,
        {{ number }} as pass_no,
        (
            least(units.range_end, lines.range_end)
            - greatest(units.range_end - units.left_qty, lines.range_end - lines.left_qty)
        )::bigint as qty
    from unit_ranges_{{ number }} as units
    inner join line_ranges_{{ number }} as lines
        on
            units.scope_key = lines.scope_key
            and units.sku_code = lines.sku_code
            and units.batch_group = lines.batch_group
            and units.range_end > lines.range_end - lines.left_qty
            and lines.range_end > units.range_end - units.left_qty

)
{%- endmacro %}
