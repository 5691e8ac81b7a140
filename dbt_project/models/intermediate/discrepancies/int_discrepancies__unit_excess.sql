-- Units beyond what was declared, not paired with a short (ruling 44). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

surplus as (

    select * from {{ ref('int_surplus_units__placed') }}

),

found as (

    select
        lines.tenant_code,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        lines.transporter_code,
        lines.awb_no,
        surplus.node_code,
        surplus.bay_code,
        lines.declared_qty as expected_qty,
        'platform' as liable_role,
        lines.platform_code as liable_party_code,
        surplus.also_met,
        lines.is_complete as is_final,
        surplus.window_start_at as first_seen_at,
        surplus.window_start_at,
        surplus.window_end_at,
        lines.declared_qty + lines.excess_qty as observed_qty,
        lines.excess_qty
        || ' units came beyond the '
        || lines.declared_qty
        || ' declared.' as liability_reason,
        case
            when lines.match_confidence = 'low' then 'low'
            when surplus.is_filmed then 'high'
            else 'medium'
        end as confidence
    from lines
    inner join surplus
        on lines.rtv_line_key = surplus.line_key
    where
        lines.excess_qty > 0
        and lines.is_complete

),

final as (

    select
        {{ discrepancy_columns('unit_excess', ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'transporter_code', 'awb_no', 'expected_qty',
            'observed_qty', 'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'is_final',
            'first_seen_at', 'window_start_at', 'window_end_at', 'node_code', 'bay_code', 'also_met']) }}
    from found

)

select * from final
