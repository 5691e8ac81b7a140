{# How many times a divisor goes wholly into a number of units. #}
{% macro whole_part(number, divisor) -%}
    (({{ number }}) - mod({{ number }}, {{ divisor }})) / {{ divisor }}
{%- endmacro %}
