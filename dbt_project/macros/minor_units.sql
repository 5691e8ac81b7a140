{# Money in major units as whole minor units, half up. #}
{% macro minor_units(amount) -%}
    round({{ amount }} * 100)::bigint
{%- endmacro %}

{# A numeric amount of minor units, whole, half up. #}
{% macro half_up(amount) -%}
    round({{ amount }})::bigint
{%- endmacro %}

{# Minor units as people read an amount. #}
{% macro minor_text(amount) -%}
    cast(cast({{ amount }} / 100.0 as numeric(18, 2)) as text)
{%- endmacro %}
