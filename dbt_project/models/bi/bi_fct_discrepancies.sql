-- Relation fct_discrepancies of the star schema for BI tools: amounts in currency units, local times.
with

discrepancies as (

    select * from {{ ref('fct_discrepancies') }}

),

final as (

    select
        discrepancy_key,
        tenant_code,
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
        node_code,
        bay_code,
        camera_code,
        currency_code,
        expected_qty,
        observed_qty,
        discrepancy_qty,
        liable_role,
        liable_party_code,
        liability_reason,
        confidence,
        runner_up_role,
        also_met,
        is_final,
        is_overlay,
        is_terms_unverified,
        {{ major_units('value_minor') }} as value_amount,
        {{ local_time('first_seen_at') }} as first_seen_local_at,
        {{ local_time('window_start_at') }} as window_start_local_at,
        {{ local_time('window_end_at') }} as window_end_local_at
    from discrepancies

)

select * from final
