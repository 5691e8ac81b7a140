-- Units missing from opened cartons after the legs and the pairing (rulings 31, 32). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}
    where unit_short_qty > 0

),

carried as (

    select * from {{ ref('int_rtv_lines__witnessed') }}

),

captured as (

    select * from {{ ref('int_rtvs__captured') }}

),

found as (

    select
        lines.tenant_code,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        carried.transporter_code,
        lines.awb_no,
        captured.node_code,
        captured.bay_code,
        lines.returned_qty as observed_qty,
        lines.is_complete as is_final,
        captured.window_start_at,
        captured.window_end_at,
        lines.returned_qty + lines.unit_short_qty as expected_qty,
        case when carried.is_transit_suspect then 'transporter' else 'platform' end as liable_role,
        case when carried.is_transit_suspect then carried.transporter_code else lines.platform_code end
            as liable_party_code,
        -- Goods weighed at pickup had left the platform whole; sound seals, counts and weights clear the way.
        case
            when carried.is_transit_suspect and not carried.is_platform_excluded then 'platform'
            when not coalesce(carried.is_transit_suspect or carried.is_transit_excluded, false)
                then 'transporter'
        end as runner_up_role,
        lines.unit_short_qty || ' of ' || lines.declared_qty
        || ' declared units not found in the cartons opened; '
        || case
            when carried.is_seal_broken_in_transit and carried.is_transit_suspect
                then 'the seal was broken on the way.'
            when carried.is_transit_suspect
                then
                    'from ' || carried.sent_weight_kg || ' kg sent '
                    || carried.gate_weight_kg || ' kg arrived.'
            when carried.is_seal_broken_at_pickup then 'the seal was broken already at pickup.'
            when carried.is_transit_excluded then 'cartons, seals and weight were sound.'
            else 'nothing recorded speaks against the cartons and seals.'
        end as liability_reason,
        {{ confidence(
            "coalesce(lines.match_confidence = 'low', false) or lines.is_share_inferred"
            ~ " or coalesce(carried.is_inferred, false)",
            'captured.is_filmed and case when carried.is_transit_suspect'
            ~ ' then carried.is_transit_borne_out else carried.is_counted_by_two end'
        ) }} as confidence,
        coalesce(lines.qc_completed_at, captured.window_end_at) as first_seen_at
    from lines
    left join carried
        on lines.rtv_line_key = carried.line_key
    left join captured
        on lines.rtv_key = captured.rtv_key

),

final as (

    select
        {{ discrepancy_columns('unit_short', 'rtv_line', ['carried', 'liable', 'window']) }}
    from found

)

select * from final
