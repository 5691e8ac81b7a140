-- The clocks of credit notes and e-way bills with what is at risk on each, and whether it is met (ruling 61).
-- One row per clock and document.
with

credit_notes as (

    select * from {{ ref('int_credit_notes__awaited') }}

),

eway_documents as (

    select * from {{ ref('int_eway_documents__aged') }}

),

stacked as (

    select
        tenant_code,
        party_code,
        clock_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        invoice_no,
        value_at_risk_minor,
        is_met,
        starts_at,
        due_at
    from credit_notes
    union all
    select
        tenant_code,
        party_code,
        clock_code,
        platform_code,
        rtv_no,
        null::text as sku_code,
        null::text as batch_no,
        null::text as invoice_no,
        value_at_risk_minor,
        is_met,
        starts_at,
        due_at
    from eway_documents

),

final as (

    select
        {{ surrogate_key(
            ['clock_code', 'tenant_code', 'platform_code', 'rtv_no', 'sku_code', 'batch_no', 'invoice_no']
        ) }} as deadline_key,
        null::text as discrepancy_key,
        tenant_code,
        party_code,
        clock_code,
        platform_code,
        rtv_no,
        null::text as transporter_code,
        null::text as awb_no,
        null::text as rule_code,
        sku_code,
        batch_no,
        null::text as debit_note_no,
        invoice_no,
        value_at_risk_minor,
        is_met,
        starts_at,
        null::timestamptz as earliest_at,
        due_at
    from stacked

)

select * from final
