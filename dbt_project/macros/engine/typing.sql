{# The engine's name of a kind of column. #}
{% macro column_type(kind) -%}
    {%- set types = {
        'text': 'text', 'count': 'bigint', 'flag': 'boolean', 'instant': 'timestamptz', 'day': 'date',
        'rate': 'numeric(9, 4)',
    } -%}
    {{ types[kind] }}
{%- endmacro %}

{# A value of a kind; without an expression, its null. #}
{% macro typed(kind, expression='null') -%}
    cast({{ expression }} as {{ column_type(kind) }})
{%- endmacro %}
