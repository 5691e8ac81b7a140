{# Whether a list written a|b|c holds the text of a column; null when either is. #}
{% macro is_listed(list, column) -%}
    ({{ column }} = any(regexp_split_to_array(btrim({{ list }}), '\s*\|\s*')))
{%- endmacro %}
