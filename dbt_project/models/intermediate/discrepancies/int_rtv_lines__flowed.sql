-- How many units of a line got past each point on the way, and where the others stayed (ruling 60). One row
-- per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

short_by_role as (

    select * from {{ ref('int_rtv_line_legs__charged') }}

),

unit_shorts as (

    select * from {{ ref('int_discrepancies__unit_short') }}

),

split as (

    select
        lines.*,
        coalesce(short_by_role.platform_short_qty, 0) as platform_short_qty,
        coalesce(short_by_role.transporter_short_qty, 0) as transporter_short_qty,
        coalesce(short_by_role.gate_short_qty, 0) as gate_short_qty,
        coalesce(short_by_role.gate_short_role, 'unknown') as gate_short_role,
        coalesce(unit_shorts.liable_role, 'platform') as unit_short_role,
        lines.excess_qty + lines.substituted_qty + lines.foreign_qty as beyond_qty,
        case when lines.reached_stage = 'declared' then lines.pending_qty else 0 end as pending_platform_qty,
        case when lines.reached_stage in ('picked_up', 'in_transit') then lines.pending_qty else 0 end
            as pending_transporter_qty,
        case when lines.reached_stage in ('delivered', 'at_gate') then lines.pending_qty else 0 end
            as pending_gate_qty,
        case when lines.reached_stage = 'in_qc' then lines.pending_qty else 0 end as pending_bay_qty
    from lines
    left join short_by_role
        on lines.rtv_line_key = short_by_role.line_key
    left join unit_shorts
        on {{ discrepancy_key("'unit_short'", 'rtv_line', 'lines') }} = unit_shorts.discrepancy_key

),

final as (

    select
        rtv_line_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        awb_no,
        accepted_qty,
        condition_failed_qty,
        wrong_item_in_place_qty,
        unit_short_qty,
        platform_short_qty,
        transporter_short_qty,
        gate_short_qty,
        beyond_qty,
        pending_platform_qty,
        pending_transporter_qty,
        pending_gate_qty,
        pending_bay_qty,
        gate_short_role,
        unit_short_role,
        first_created_at,
        picked_up_at,
        delivered_at,
        handover_at,
        qc_completed_at,
        window_start_at,
        window_end_at,
        declared_qty - platform_short_qty - pending_platform_qty as transported_qty,
        declared_qty - platform_short_qty - pending_platform_qty
        - transporter_short_qty - pending_transporter_qty as delivered_qty,
        declared_qty - platform_short_qty - pending_platform_qty
        - transporter_short_qty - pending_transporter_qty
        - gate_short_qty - pending_gate_qty as opened_qty
    from split

)

select * from final
