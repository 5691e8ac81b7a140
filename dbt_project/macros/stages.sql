{# How far a stage is on the way (ruling 21), and back: the least far of several is the least number. #}
{% macro stage_no(stage) -%}
    case {{ stage }}
    {%- for name in ['declared', 'picked_up', 'in_transit', 'delivered', 'at_gate', 'in_qc'] %}
        when '{{ name }}' then {{ loop.index }}
    {%- endfor %}
    end
{%- endmacro %}

{% macro stage_of(number) -%}
    case {{ number }}
    {%- for name in ['declared', 'picked_up', 'in_transit', 'delivered', 'at_gate', 'in_qc'] %}
        when {{ loop.index }} then '{{ name }}'
    {%- endfor %}
    end
{%- endmacro %}
