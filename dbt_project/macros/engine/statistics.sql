{# Fresh statistics of a table that was just written: without them the planner takes it for nearly empty. #}
{% macro gather_statistics() -%}
    {%- if model.config.materialized == 'table' -%} analyze {{ this }} {%- endif -%}
{%- endmacro %}
