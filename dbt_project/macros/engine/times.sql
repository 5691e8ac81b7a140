{# Whether a time as written carries no offset. #}
{% macro is_naive(written) -%}
    coalesce({{ written }} !~* '[t ].*(z|[+-][0-9]{2}(:?[0-9]{2})?)$', false)
{%- endmacro %}

{# A time as written, in UTC: its own offset, else the given zone. #}
{% macro resolved_time(written, zone) -%}
    case
        when {{ is_naive(written) }} then {{ written }}::timestamp at time zone {{ zone }}
        else {{ written }}::timestamptz
    end
{%- endmacro %}

{# The calendar date of an instant in a zone. #}
{% macro local_date(instant, zone) -%}
    ({{ instant }} at time zone {{ zone }})::date
{%- endmacro %}

{# The last second of a date in a zone. #}
{% macro end_of_day(day, zone) -%}
    (({{ day }})::timestamp + interval '1 day' - interval '1 second') at time zone {{ zone }}
{%- endmacro %}

{# The first instant of a date in a zone. #}
{% macro start_of_day(day, zone) -%}
    ({{ day }})::timestamp at time zone {{ zone }}
{%- endmacro %}

{# A number of hours as a span of time. #}
{% macro hours(count) -%}
    {{ count }} * interval '1 hour'
{%- endmacro %}

{# An instant as people read it, in UTC. #}
{% macro utc_text(instant) -%}
    to_char({{ instant }} at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
{%- endmacro %}

{# The first day of a date's month. #}
{% macro start_of_month(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}
