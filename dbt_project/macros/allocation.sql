{# One pass of dealing units to demand by running sums (ruling 19): within each group, units in their order
   are laid beside lines in theirs, and what overlaps is filled. Expects units_left_<number> and
   lines_left_<number>, and consignment_lines, of the calling model; makes filled_<number> and what is left for
   the next pass, so that each looks only at what those before it left. #}
{% macro filling_pass(number, scope, batch_rule) -%}
    unit_ranges_{{ number }} as (

    select
        unit_key,
        {{ scope }}_scope as scope_key,
        sku_code,
        {{ "batch_no" if batch_rule == 'same' else "''" }} as batch_group,
        left_qty,
        sum(left_qty) over (
            partition by {{ scope }}_scope, sku_code{{ ", batch_no" if batch_rule == 'same' }}
            order by is_failed desc, unit_order
        ) as range_end
    from units_left_{{ number }}
    where
        {{ scope }}_scope is not null
        and {{ "batch_no is not null" if batch_rule == 'same' else "true" }}

),

lines_scoped_{{ number }} as (

    {% if scope == 'consignment' -%}
        select
            lines_left.line_key,
            consignment_lines.consignment_scope as scope_key,
            lines_left.sku_code,
            lines_left.batch_no,
            lines_left.line_order,
            least(
                consignment_lines.scope_qty, greatest(lines_left.left_qty - consignment_lines.scope_qty_before, 0)
            ) as left_qty
        from lines_left_{{ number }} as lines_left
        inner join consignment_lines
            on lines_left.line_key = consignment_lines.line_key
    {%- else -%}
        select
            line_key,
            {{ scope }}_scope as scope_key,
            sku_code,
            batch_no,
            line_order,
            left_qty
        from lines_left_{{ number }}
    {%- endif %}

),

line_ranges_{{ number }} as (

    select
        line_key,
        scope_key,
        sku_code,
        {{ "batch_no" if batch_rule == 'same' else "''" }} as batch_group,
        left_qty,
        sum(left_qty) over (
            partition by scope_key, sku_code{{ ", batch_no" if batch_rule == 'same' }}
            order by line_order
        ) as range_end
    from lines_scoped_{{ number }}
    where
        left_qty > 0
        and {{ {'same': 'batch_no is not null', 'blank': 'batch_no is null', 'any': 'true'}[batch_rule] }}

),

filled_{{ number }} as (

    select
        units.unit_key,
        lines.line_key,
        {{ number }} as pass_no,
        {{ typed(
            'count',
            'least(units.range_end, lines.range_end)'
            ~ ' - greatest(units.range_end - units.left_qty, lines.range_end - lines.left_qty)'
        ) }} as qty
    from unit_ranges_{{ number }} as units
    inner join line_ranges_{{ number }} as lines
        on
            units.scope_key = lines.scope_key
            and units.sku_code = lines.sku_code
            and units.batch_group = lines.batch_group
            and units.range_end > lines.range_end - lines.left_qty
            and lines.range_end > units.range_end - units.left_qty

),

{{ left_to_fill('units', 'unit_key', number) }},

{{ left_to_fill('lines', 'line_key', number) }}
{%- endmacro %}
