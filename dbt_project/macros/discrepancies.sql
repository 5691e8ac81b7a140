{# The columns of every rule's model, in one order. `known` names the columns that the relation brings; the
   others are null. The key is the hash of tenant, rule and the keys of the rule's grain. #}
{% macro discrepancy_columns(rule_code, grain, known) -%}
{%- set types = {
    'platform_code': 'text', 'rtv_no': 'text', 'sku_code': 'text', 'batch_no': 'text', 'transporter_code': 'text',
    'awb_no': 'text', 'capture_id': 'text', 'item_no': 'bigint', 'debit_note_no': 'text', 'debit_line_no': 'text',
    'document_type': 'text', 'observed_sku_code': 'text', 'expected_qty': 'bigint', 'observed_qty': 'bigint', 'liable_role': 'text',
    'liable_party_code': 'text', 'liability_reason': 'text', 'confidence': 'text', 'runner_up_role': 'text',
    'is_final': 'boolean', 'first_seen_at': 'timestamptz', 'window_start_at': 'timestamptz',
    'window_end_at': 'timestamptz', 'node_code': 'text', 'bay_code': 'text', 'camera_code': 'text', 'also_met': 'text'
} -%}
        tenant_code,
        {{ surrogate_key(['tenant_code', "'" ~ rule_code ~ "'"] + grain) }} as discrepancy_key,
        '{{ rule_code }}'::text as rule_code,
        {% for column, type in types.items() -%}
        {{ column if column in known else 'null' }}::{{ type }} as {{ column }},
            {% if column == 'observed_qty' -%}
                abs(expected_qty - observed_qty)::bigint as discrepancy_qty,
            {% endif -%}
    {% endfor -%}
    {{ 'is_overlay' if 'is_overlay' in known else 'false' }}::boolean as is_overlay
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

{# The same columns by name, where the models of the rules are stacked. #}
{% macro discrepancy_column_names() -%}
tenant_code,
            discrepancy_key,
            rule_code,
            platform_code,
            rtv_no,
            sku_code,
            batch_no,
            transporter_code,
            awb_no,
            capture_id,
            item_no,
            debit_note_no,
            debit_line_no,
            document_type,
            observed_sku_code,
            expected_qty,
            observed_qty,
            discrepancy_qty,
            liable_role,
            liable_party_code,
            liability_reason,
            confidence,
            runner_up_role,
            is_final,
            first_seen_at,
            window_start_at,
            window_end_at,
            node_code,
            bay_code,
            camera_code,
            also_met,
            is_overlay
{%- endmacro %}
