-- Units beyond what was declared, not paired with a short (ruling 44). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}
    where
        excess_qty > 0
        and is_complete

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
        null as runner_up_role,
        surplus.also_met,
        true as is_final,
        surplus.window_start_at as first_seen_at,
        surplus.window_start_at,
        surplus.window_end_at,
        lines.declared_qty + lines.excess_qty as observed_qty,
        {{ counted('lines.excess_qty', 'unit') }} || ' came beyond the ' || lines.declared_qty || ' declared.'
            as liability_reason,
        {{ confidence("lines.match_confidence = 'low'", 'surplus.is_filmed') }} as confidence
    from lines
    inner join surplus
        on lines.rtv_line_key = surplus.line_key

),

final as (

    select
        {{ discrepancy_columns('unit_excess', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
