-- Units declared beyond what was dispatched and not yet returned, whoever counted them (ruling 51). One row
-- per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__accumulated') }}
    where measured_declared_qty > measured_dispatched_qty

),

borne_out as (

    select * from {{ ref('int_rtv_lines__borne_out') }}

),

found as (

    select
        lines.tenant_code,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        borne_out.transporter_code,
        borne_out.awb_no,
        borne_out.node_code,
        borne_out.bay_code,
        lines.declared_qty as observed_qty,
        'platform' as liable_role,
        lines.platform_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        true as is_overlay,
        lines.first_created_at as first_seen_at,
        borne_out.window_start_at,
        borne_out.window_end_at,
        greatest(lines.declared_qty - (lines.measured_declared_qty - lines.measured_dispatched_qty), 0)
            as expected_qty,
        'With this return ' || lines.measured_declared_qty || ' units were declared back of '
        || lines.measured_dispatched_qty || ' dispatched up to it.' as liability_reason,
        {{ confidence('false', 'borne_out.is_borne_out') }} as confidence
    from lines
    left join borne_out
        on lines.line_key = borne_out.line_key

),

final as (

    select
        {{ discrepancy_columns('over_return', 'rtv_line', ['carried', 'liable', 'window', 'is_overlay']) }}
    from found

)

select * from final
