{# Minor units as an amount of the currency, for BI tools. #}
{% macro major_units(amount) -%}
    ({{ amount }} / 100.0)::numeric(18, 2)
{%- endmacro %}

{# An instant as the clock of the reporting zone shows it, without a zone, for BI tools. #}
{% macro local_time(instant) -%}
    {{ instant }} at time zone {{ reporting_timezone() }}
{%- endmacro %}
