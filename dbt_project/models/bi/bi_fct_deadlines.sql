-- Relation fct_deadlines of the star schema for BI tools: amounts in currency units, local times.
with

deadlines as (

    select * from {{ ref('fct_deadlines') }}

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
        state,
        {{ major_units('value_at_risk_minor') }} as value_at_risk_amount,
        {{ local_time('starts_at') }} as starts_local_at,
        {{ local_time('earliest_at') }} as earliest_local_at,
        {{ local_time('due_at') }} as due_local_at
    from deadlines

)

select * from final
