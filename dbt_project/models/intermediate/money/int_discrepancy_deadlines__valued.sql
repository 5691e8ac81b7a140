-- The clocks of discrepancies with what is at risk on each, and whether it is met (ruling 61). One row per
-- clock and discrepancy.
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

proved as (

    select * from {{ ref('int_pod_requests__proved') }}

),

final as (

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

)

select * from final
