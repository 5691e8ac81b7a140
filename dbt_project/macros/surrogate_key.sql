{# The hash of a natural key; null counts as a value of its own. #}
{% macro surrogate_key(columns) -%}
    {{ md5_text(columns) }}
{%- endmacro %}
