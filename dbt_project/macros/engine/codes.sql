{# Letters and digits of a code, upper case: its normal form (ruling 17). #}
{% macro normal_form(code) -%}
    upper(regexp_replace({{ code }}, '[^A-Za-z0-9]', '', 'g'))
{%- endmacro %}

{# A carrier's code as its tables write it: upper case, blanks gone. #}
{% macro code_form(code) -%}
    upper(replace({{ code }}, ' ', ''))
{%- endmacro %}

{# A GTIN padded to 14 digits; null when the text is no GTIN. #}
{% macro gtin_14(code) -%}
    case when {{ code }} ~ '^[0-9]{8,14}$' then lpad({{ code }}, 14, '0') end
{%- endmacro %}

{# The GTIN of a GS1 element string, bracketed or raw (AI 01). #}
{% macro gs1_gtin(code) -%}
    coalesce(
        substring({{ code }} from '\(01\)([0-9]{14})'),
        substring({{ code }} from '^(?:\][A-Za-z][0-9])?\x1d?01([0-9]{14})')
    )
{%- endmacro %}

{# The batch of a GS1 element string (AI 10). #}
{% macro gs1_batch(code) -%}
    coalesce(
        substring({{ code }} from '\(10\)([^(\x1d]{1,20})'),
        substring(
            {{ code }}
            from '^(?:\][A-Za-z][0-9])?\x1d?01[0-9]{14}(?:1[1-7][0-9]{6}|21[^\x1d]{1,20}\x1d)*10([^\x1d]{1,20})'
        )
    )
{%- endmacro %}

{# The expiry of a GS1 element string (AI 17); day 00 is the month's last day. #}
{% macro gs1_expiry(code) -%}
    {%- set written -%}
        coalesce(
            substring({{ code }} from '\(17\)([0-9]{6})'),
            substring(
                {{ code }}
                from '^(?:\][A-Za-z][0-9])?\x1d?01[0-9]{14}(?:1[1-6][0-9]{6}|(?:10|21)[^\x1d]{1,20}\x1d)*17([0-9]{6})'
            )
        )
    {%- endset -%}
    case
        when substring({{ written }} from 3 for 2) not between '01' and '12' then null
        when substring({{ written }} from 5 for 2) > '31' then null
        when substring({{ written }} from 5 for 2) = '00'
            then (to_date('20' || left({{ written }}, 4) || '01', 'YYYYMMDD') + interval '1 month')::date - 1
        else to_date('20' || {{ written }}, 'YYYYMMDD')
    end
{%- endmacro %}

{# Whether a list written a|b|c holds a word. #}
{% macro list_has(list, word) -%}
    coalesce('{{ word }}' = any(string_to_array(replace({{ list }}, ' ', ''), '|')), false)
{%- endmacro %}
