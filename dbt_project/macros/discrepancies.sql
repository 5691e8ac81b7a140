{# The key of a discrepancy: the hash of tenant, rule and the keys of the rule's grain (ruling 27). `rule` is
   an expression; `relation` names where the keys come from. #}
{% macro discrepancy_key(rule, grain, relation='') -%}
{%- set keys = {
    'consignment': ['transporter_code', 'awb_no'],
    'rtv': ['platform_code', 'rtv_no'],
    'rtv_line': ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
    'rtv_line_role': ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'liable_role'],
    'rtv_or_debit_line': ['platform_code', 'rtv_no', 'debit_note_no', 'debit_line_no'],
    'debit_line': ['platform_code', 'debit_note_no', 'debit_line_no'],
    'rtv_document': ['platform_code', 'rtv_no', 'document_type'],
    'capture_item': ['capture_id', 'item_no'],
} -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- set columns = [prefix ~ 'tenant_code', rule] -%}
    {%- for key in keys[grain] -%}
        {%- do columns.append(prefix ~ key) -%}
    {%- endfor -%}
    {#- A consignment without AWB carries one RTV, known by its number alone. -#}
    {%- if grain == 'consignment' -%}
        {%- for key in keys['rtv'] -%}
            {%- set stood_in = 'case when ' ~ prefix ~ 'awb_no is null then ' ~ prefix ~ key ~ ' end' -%}
            {%- do columns.append('(' ~ stood_in ~ ')') -%}
        {%- endfor -%}
    {%- endif -%}
    {{ surrogate_key(columns) }}
{%- endmacro %}

{# The columns of every rule's model, in one order. A rule brings the columns of its grain and what every
   discrepancy says; `bands` names what else it brings: a band, or a single column. The others are null. #}
{% macro discrepancy_columns(rule_code, grain, bands) -%}
{%- set kinds = {
    'platform_code': 'text', 'rtv_no': 'text', 'sku_code': 'text', 'batch_no': 'text', 'transporter_code': 'text',
    'awb_no': 'text', 'capture_id': 'text', 'item_no': 'count', 'debit_note_no': 'text', 'debit_line_no': 'text',
    'document_type': 'text', 'observed_sku_code': 'text', 'expected_qty': 'count', 'observed_qty': 'count',
    'discrepancy_qty': 'count', 'liable_role': 'text', 'liable_party_code': 'text', 'liability_reason': 'text',
    'confidence': 'text', 'runner_up_role': 'text', 'is_final': 'flag', 'first_seen_at': 'instant',
    'window_start_at': 'instant', 'window_end_at': 'instant', 'node_code': 'text', 'bay_code': 'text',
    'camera_code': 'text', 'also_met': 'text', 'is_overlay': 'flag',
} -%}
{%- set columns_of = {
    'every': ['expected_qty', 'observed_qty', 'liability_reason', 'confidence', 'is_final', 'first_seen_at'],
    'consignment': ['platform_code', 'rtv_no', 'transporter_code', 'awb_no'],
    'rtv': ['platform_code', 'rtv_no'],
    'rtv_line': ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
    'rtv_line_role': ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
    'rtv_or_debit_line': ['platform_code', 'rtv_no', 'sku_code', 'debit_note_no', 'debit_line_no'],
    'debit_line': ['platform_code', 'rtv_no', 'sku_code', 'debit_note_no', 'debit_line_no'],
    'rtv_document': ['platform_code', 'rtv_no', 'document_type'],
    'capture_item': ['platform_code', 'rtv_no', 'capture_id', 'item_no'],
    'carried': ['transporter_code', 'awb_no'],
    'liable': ['liable_role', 'liable_party_code', 'runner_up_role'],
    'window': ['window_start_at', 'window_end_at', 'node_code', 'bay_code'],
} -%}
    {%- set known = ['discrepancy_qty'] -%}
    {%- for band in ['every', grain] + bands -%}
        {%- do known.extend(columns_of.get(band, [band])) -%}
    {%- endfor -%}
        tenant_code,
        {{ discrepancy_key("'" ~ rule_code ~ "'", grain) }} as discrepancy_key,
        {{ typed('text', "'" ~ rule_code ~ "'") }} as rule_code,
        {% for column, kind in kinds.items() -%}
        {%- set value = 'abs(expected_qty - observed_qty)' if column == 'discrepancy_qty' else column -%}
        {%- set value = 'false' if column == 'is_overlay' and column not in known else value -%}
        {{ typed(kind, value) if column in known or column == 'is_overlay' else typed(kind) }} as {{ column }}
        {{- "," if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{# How sure a rule is (ruling 62): low when something was inferred, high when a second party or the film bears
   out every fact that it and its liable role rest on, else medium. #}
{% macro confidence(is_inferred, is_borne_out) -%}
    case
        when {{ is_inferred }} then 'low'
        when {{ is_borne_out }} then 'high'
        else 'medium'
    end
{%- endmacro %}

{# A number of things as people say it: 1 unit, 2 units. #}
{% macro counted(number, noun) -%}
    {{ number }} || case when {{ number }} = 1 then ' {{ noun }}' else ' {{ noun }}s' end
{%- endmacro %}

{# The same columns by name, where the models of the rules are stacked; the camera is added there. #}
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
