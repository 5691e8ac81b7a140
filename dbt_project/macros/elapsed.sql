{# Whether more than N days of 24 hours passed between two instants (ruling 1); null when N is. #}
{% macro is_past(days, start_at) -%}
    ({{ as_of() }} > {{ start_at }} + {{ days }} * interval '24 hours')
{%- endmacro %}
