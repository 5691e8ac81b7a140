{# The instant that elapsed times are measured to (ruling 1): the var as_of, else what the build
   verb sets, else now. The verb sets the environment, since a changed var costs a full parse. #}
{% macro as_of() -%}
    {%- set given = var('as_of', '') or (env_var('DBT_AS_OF', '') if execute else '') -%}
    {%- if given -%} '{{ given }}'::timestamptz {%- else -%} now() {%- endif -%}
{%- endmacro %}

{# The zone of pages, of BI and of naive times without a node (ruling 10). #}
{% macro reporting_timezone() -%}
    {%- set given = env_var('DBT_REPORTING_TIMEZONE', 'Asia/Kolkata') if execute else 'Asia/Kolkata' -%}
    '{{ var('reporting_timezone', '') or given }}'
{%- endmacro %}
