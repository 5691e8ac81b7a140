{# Text without the blanks around it; nothing left is null. #}
{% macro blank_to_null(column) -%}
    nullif(btrim({{ column }}), '')
{%- endmacro %}
