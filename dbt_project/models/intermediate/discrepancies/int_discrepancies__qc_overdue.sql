-- QC completed later than the contract allows after the handover at the gate, or not yet (rulings 15, 40).
-- One row per consignment.
with

consignments as (

    select
        *,
        first_handover_at + {{ hours('qc_due_hours') }} as due_at
    from {{ ref('int_consignments__witnessed') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        node_code,
        bay_code,
        camera_code,
        1 as expected_qty,
        0 as observed_qty,
        true as is_final,
        due_at as first_seen_at,
        first_handover_at as window_start_at,
        last_handover_at as window_end_at,
        'Handed over at the gate on ' || {{ utc_text('first_handover_at') }} || ', QC '
        || coalesce('completed on ' || {{ utc_text('qc_completed_at') }}, 'not completed yet')
        || '; the hours agreed are ' || qc_due_hours || '.' as liability_reason,
        {{ confidence('is_inferred', 'is_gate_filmed and (is_filmed or qc_completed_at is null)') }}
            as confidence
    from consignments
    where coalesce(qc_completed_at, {{ as_of() }}) > due_at

),

final as (

    select
        {{ discrepancy_columns('qc_overdue', 'consignment', ['window', 'camera_code']) }}
    from found

)

select * from final
