{# The financial year of a date, April to March, as 2026-27. #}
{% macro financial_year(day) -%}
    to_char({{ day }} - interval '3 months', 'YYYY') || '-' || to_char({{ day }} + interval '9 months', 'YY')
{%- endmacro %}

{# The 30 November after the 31 March that ends the financial year of a date (ruling 58). #}
{% macro credit_note_due_on(day) -%}
    make_date(extract(year from {{ day }} - interval '3 months')::int + 1, 11, 30)
{%- endmacro %}
