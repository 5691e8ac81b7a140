{# What the rules of a unit's condition share, from the units of one verdict laid on one line. #}
{% macro condition_columns(verdict, by_role=false) -%}
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        min(transporter_code) as transporter_code,
        min(awb_no) as awb_no,
        min(node_code) as node_code,
        min(bay_code) as bay_code,
        0 as expected_qty,
        sum(qty) as observed_qty,
        {% if by_role -%}
            damage_liable_role as liable_role,
        {%- else -%}
            'platform' as liable_role,
            platform_code as liable_party_code,
            null as runner_up_role,
    {%- endif %}
    {{ also_met_verdicts(verdict) }} as also_met,
        true as is_final,
        min(seen_at) as first_seen_at,
        min(seen_at) as window_start_at,
        max(seen_at) as window_end_at
{%- endmacro %}

{# The grain of the rules of a unit's condition. #}
{% macro condition_grain() -%}
    tenant_code, platform_code, rtv_no, sku_code, batch_no
{%- endmacro %}

{# The other condition verdicts a set of units also met, from their flags, in the order of the verdicts. #}
{% macro also_met_verdicts(own) -%}
{%- set verdicts = [
    'used_or_tampered', 'expired', 'damaged', 'kit_incomplete', 'near_expiry',
    'batch_mismatch', 'mrp_mismatch',
] -%}
    nullif(concat_ws(
        '|'
    {%- for verdict in verdicts if verdict != own -%}
        , case when bool_or(is_{{ verdict }}) then '{{ verdict }}' end
    {%- endfor -%}
    ), '')
{%- endmacro %}

{# The verdicts that any text of a group names, each once, in the order of the verdicts. #}
{% macro also_met_texts(also_met) -%}
{%- set verdicts = [
    'used_or_tampered', 'expired', 'damaged', 'kit_incomplete', 'near_expiry',
    'batch_mismatch', 'mrp_mismatch',
] -%}
    nullif(concat_ws(
        '|'
    {%- for verdict in verdicts -%}
        , case when bool_or('|' || {{ also_met }} || '|' like '%|{{ verdict }}|%') then '{{ verdict }}' end
    {%- endfor -%}
    ), '')
{%- endmacro %}
