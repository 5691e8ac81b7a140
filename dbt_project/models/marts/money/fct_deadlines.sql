-- The clocks that run, and what is at risk on each (ruling 61). One row per clock and discrepancy, or clock
-- and document.
with

deadlines as (

    select * from {{ ref('int_deadlines__dated') }}

),

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

valued as (

    select * from {{ ref('int_discrepancies__valued') }}

),

claim_steps as (

    select * from {{ ref('int_claim_steps__timed') }}

),

credit_notes as (

    select * from {{ ref('int_credit_notes__awaited') }}

),

eway_documents as (

    select * from {{ ref('int_eway_documents__aged') }}

),

proved as (

    select * from {{ ref('int_pod_requests__proved') }}

),

of_discrepancies as (

    select
        {{ surrogate_key(['deadlines.clock_code', 'deadlines.discrepancy_key']) }} as deadline_key,
        deadlines.discrepancy_key,
        discrepancies.tenant_code,
        discrepancies.liable_party_code as party_code,
        deadlines.clock_code,
        discrepancies.platform_code,
        discrepancies.rtv_no,
        discrepancies.transporter_code,
        discrepancies.awb_no,
        discrepancies.rule_code,
        discrepancies.sku_code,
        discrepancies.batch_no,
        discrepancies.debit_note_no,
        null::text as invoice_no,
        coalesce(valued.value_minor, 0) as value_at_risk_minor,
        coalesce(
            case deadlines.clock_code
                when 'claim' then claim_steps.is_filed
                when 'transporter_notice' then claim_steps.is_filed
                when 'reply' then claim_steps.is_answered
                when 'appeal' then claim_steps.is_appealed
                when 'pod_request' then proved.discrepancy_key is not null
            end,
            false
        ) as is_met,
        deadlines.starts_at,
        deadlines.earliest_at,
        deadlines.due_at
    from deadlines
    inner join discrepancies
        on deadlines.discrepancy_key = discrepancies.discrepancy_key
    inner join valued
        on deadlines.discrepancy_key = valued.discrepancy_key
    left join claim_steps
        on deadlines.discrepancy_key = claim_steps.discrepancy_key
    left join proved
        on deadlines.discrepancy_key = proved.discrepancy_key

),

of_documents as (

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

stacked as (

    select * from of_discrepancies
    union all
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
    from of_documents

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
