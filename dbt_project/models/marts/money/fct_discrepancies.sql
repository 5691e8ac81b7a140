-- What does not add up, what it is worth and who is held liable. One row per discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

valued as (

    select * from {{ ref('int_discrepancies__valued') }}

),

clocks as (

    select * from {{ ref('int_discrepancy_clocks__timed') }}

),

final as (

    select
        discrepancies.discrepancy_key,
        discrepancies.tenant_code,
        discrepancies.rule_code,
        discrepancies.platform_code,
        discrepancies.rtv_no,
        discrepancies.sku_code,
        discrepancies.batch_no,
        discrepancies.transporter_code,
        discrepancies.awb_no,
        discrepancies.capture_id,
        discrepancies.item_no,
        discrepancies.debit_note_no,
        discrepancies.debit_line_no,
        discrepancies.document_type,
        discrepancies.observed_sku_code,
        discrepancies.node_code,
        discrepancies.bay_code,
        discrepancies.camera_code,
        discrepancies.expected_qty,
        discrepancies.observed_qty,
        discrepancies.discrepancy_qty,
        valued.value_minor,
        discrepancies.liable_role,
        discrepancies.liable_party_code,
        discrepancies.liability_reason,
        discrepancies.confidence,
        discrepancies.runner_up_role,
        discrepancies.also_met,
        discrepancies.is_final,
        discrepancies.is_overlay,
        valued.is_terms_unverified,
        discrepancies.first_seen_at,
        discrepancies.window_start_at,
        discrepancies.window_end_at,
        clocks.currency_code
    from discrepancies
    inner join valued
        on discrepancies.discrepancy_key = valued.discrepancy_key
    inner join clocks
        on discrepancies.discrepancy_key = clocks.discrepancy_key

)

select * from final
