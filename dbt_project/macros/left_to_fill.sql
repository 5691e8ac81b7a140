{# What a pass leaves of units or of lines. #}
{% macro left_to_fill(relation, key, number) -%}
{%- set columns = {
    'units': ['rtv_scope', 'consignment_scope', 'home_scope', 'sku_code', 'batch_no', 'is_failed', 'unit_order'],
    'lines': ['rtv_scope', 'home_scope', 'sku_code', 'batch_no', 'line_order'],
} -%}
    {{ relation }}_left_{{ number + 1 }} as (

    select
        stood.{{ ([key] + columns[relation]) | join(', stood.') }},
        stood.left_qty - coalesce(filled.qty, 0) as left_qty
    from {{ relation }}_left_{{ number }} as stood
    left join (
        select
            {{ key }},
            sum(qty) as qty
        from filled_{{ number }}
        group by {{ key }}
    ) as filled
        on stood.{{ key }} = filled.{{ key }}
    where stood.left_qty > coalesce(filled.qty, 0)

)
{%- endmacro %}
