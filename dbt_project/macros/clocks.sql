{# When the clock of a playbook row starts; where the event is missing, the first known one before it (ruling
   56). Expects the relations `playbooks` and `clocks`. #}
{% macro clock_started_at() -%}
    {%- set events = [
        'manifest_created', 'picked_up', 'delivered', 'gate_received', 'qc_completed', 'debited',
    ] -%}
    {%- set known = [] -%}
    case playbooks.clock_start_event
    {%- for event in events -%}
        {%- do known.insert(0, 'clocks.' ~ event ~ '_at') %}
        when '{{ event }}' then coalesce({{ known | join(', ') }})
    {%- endfor %}
    end
{%- endmacro %}
