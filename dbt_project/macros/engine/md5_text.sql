{# An md5 over columns as text; null, the empty text and shifted columns all differ. #}
{% macro md5_text(columns) -%}
    md5(
    {%- for column in columns %}
        {{- 'coalesce(length(' ~ column ~ "::text) || ':' || " ~ column ~ "::text, '-')" }}
        {{- " || '|' || " if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}
