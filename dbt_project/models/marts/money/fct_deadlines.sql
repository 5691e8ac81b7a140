-- The clocks that run, and what is at risk on each (ruling 61). One row per clock and discrepancy, or clock
-- and document.
with

of_discrepancies as (

    select * from {{ ref('int_discrepancy_deadlines__valued') }}

),

of_documents as (

    select * from {{ ref('int_document_deadlines__valued') }}

),

stacked as (

    select * from of_discrepancies
    union all
    select * from of_documents

),

final as (

    select
        deadline_key,
        discrepancy_key,
        tenant_code,
        party_code,
        clock_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        rule_code,
        sku_code,
        batch_no,
        debit_note_no,
        invoice_no,
        case
            when is_met then 'met'
            when {{ as_of() }} > due_at then 'passed'
            when {{ as_of() }} < earliest_at then 'early'
            else 'open'
        end as state,
        value_at_risk_minor,
        starts_at,
        earliest_at,
        due_at
    from stacked

)

select * from final
