-- QC completed later than the contract allows after the handover at the gate, or not yet (rulings 15, 40).
-- One row per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__attested') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        node_code,
        1::bigint as expected_qty,
        0::bigint as observed_qty,
        true as is_final,
        first_handover_at + {{ hours('qc_due_hours') }} as first_seen_at,
        'Handed over at the gate on ' || {{ utc_text('first_handover_at') }} || ', QC '
        || coalesce('completed on ' || {{ utc_text('qc_completed_at') }}, 'not completed yet')
        || '; the hours agreed are '
        || qc_due_hours
        || '.' as liability_reason,
        case
            when is_match_inferred then 'low'
            when is_gate_filmed and (is_filmed or qc_completed_at is null) then 'high'
            else 'medium'
        end as confidence
    from consignments
    where
        coalesce(qc_completed_at, {{ as_of() }}) > first_handover_at + {{ hours('qc_due_hours') }}

),

final as (

    select
        {{ discrepancy_columns('qc_overdue', ['transporter_code', 'awb_no'],
            ['platform_code', 'rtv_no', 'transporter_code', 'awb_no', 'expected_qty', 'observed_qty',
            'liability_reason', 'confidence', 'is_final', 'first_seen_at', 'node_code']) }}
    from found

)

select * from final
