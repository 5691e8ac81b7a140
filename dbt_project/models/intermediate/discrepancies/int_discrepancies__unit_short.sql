-- Units missing from opened cartons after the legs and the pairing (rulings 31, 32). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

attested as (

    select * from {{ ref('int_rtv_lines__attested') }}

),

captured as (

    select * from {{ ref('int_rtvs__captured') }}

),

judged as (

    select
        lines.*,
        attested.transporter_code as carrying_transporter_code,
        captured.node_code,
        captured.bay_code,
        captured.window_start_at as opened_at,
        captured.window_end_at as closed_at,
        coalesce(captured.is_filmed, false) as is_filmed,
        coalesce(attested.is_transit_suspect, false) as is_transit_suspect,
        coalesce(attested.is_transit_excluded, false) as is_transit_excluded,
        coalesce(attested.is_underweight, false) as is_underweight,
        coalesce(attested.is_counted_by_two, false) as is_counted_by_two,
        coalesce(attested.is_gate_filmed, false) as is_gate_filmed,
        coalesce(attested.is_seal_broken_in_transit, false) as is_seal_broken_in_transit
    from lines
    left join attested
        on lines.rtv_line_key = attested.line_key
    left join captured
        on lines.rtv_key = captured.rtv_key
    where lines.unit_short_qty > 0

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        carrying_transporter_code as transporter_code,
        awb_no,
        node_code,
        bay_code,
        returned_qty as observed_qty,
        is_complete as is_final,
        opened_at as window_start_at,
        closed_at as window_end_at,
        returned_qty + unit_short_qty as expected_qty,
        case when is_transit_suspect then 'transporter' else 'platform' end as liable_role,
        case when is_transit_suspect then carrying_transporter_code else platform_code end
            as liable_party_code,
        unit_short_qty || ' of ' || declared_qty || ' declared units were not in the cartons opened; '
        || case
            when is_transit_suspect and is_seal_broken_in_transit then 'the seal was broken on the way.'
            when is_transit_suspect then 'the consignment lost weight on the way.'
            when is_transit_excluded then 'cartons, seals and weight were sound.'
            else 'nothing recorded speaks against the cartons and seals.'
        end as liability_reason,
        case
            when match_confidence = 'low' or is_share_inferred then 'low'
            when is_filmed and not is_transit_suspect and is_counted_by_two then 'high'
            when is_filmed and is_transit_suspect and (is_underweight or is_gate_filmed) then 'high'
            else 'medium'
        end as confidence,
        case
            when is_transit_suspect then 'platform'
            when not is_transit_excluded then 'transporter'
        end as runner_up_role,
        coalesce(qc_completed_at, closed_at) as first_seen_at
    from judged

),

final as (

    select
        {{ discrepancy_columns('unit_short', ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'transporter_code', 'awb_no', 'expected_qty',
            'observed_qty', 'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role',
            'is_final', 'first_seen_at', 'window_start_at', 'window_end_at', 'node_code', 'bay_code']) }}
    from found

)

select * from final
