-- The clocks that run, and what is at risk on each (ruling 61). One row per clock and discrepancy.
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

claim_lines as (

    select * from {{ ref('stg_ops__claim_lines') }}

),

filed as (

    select distinct discrepancy_key
    from claim_lines
    where claim_status not in ('draft', 'ready', 'approved', 'dropped', 'time_barred')

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
        case
            when deadlines.clock_code = 'claim' and filed.discrepancy_key is not null then 'met'
            when {{ as_of() }} > deadlines.due_at then 'passed'
            when {{ as_of() }} < deadlines.earliest_at then 'early'
            else 'open'
        end as state,
        coalesce(valued.value_minor, 0) as value_at_risk_minor,
        deadlines.starts_at,
        deadlines.earliest_at,
        deadlines.due_at
    from deadlines
    inner join discrepancies
        on deadlines.discrepancy_key = discrepancies.discrepancy_key
    inner join valued
        on deadlines.discrepancy_key = valued.discrepancy_key
    left join filed
        on deadlines.discrepancy_key = filed.discrepancy_key

)

select * from final
