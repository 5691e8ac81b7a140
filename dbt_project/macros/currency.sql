{# The currency of a row: what it says, else Indian rupees (contracts: default INR; ruling 13). #}
{% macro currency_of(column) -%}
    coalesce({{ column }}, 'INR')
{%- endmacro %}
