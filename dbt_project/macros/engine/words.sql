{# Text as lower-case words between single blanks, so that a word can be looked for as a whole. #}
{% macro words_of(text) -%}
    ' ' || btrim(regexp_replace(lower({{ text }}), '[^a-z0-9]+', ' ', 'g')) || ' '
{%- endmacro %}

{# The numbers 1 to n beside each row: joined laterally, n rows for a row. #}
{% macro one_to(count) -%}
    generate_series(1, {{ count }})
{%- endmacro %}
