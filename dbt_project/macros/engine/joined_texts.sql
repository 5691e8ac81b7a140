{# The different texts of a group in their order, with a separator between them. #}
{% macro joined_texts(text, separator) -%}
    string_agg(distinct {{ text }}, '{{ separator }}' order by {{ text }})
{%- endmacro %}
