-- Clocks of discrepancies before their days are counted: to claim, for the reply, to appeal, to ask for the
-- proof of delivery, and to notify the transporter (ruling 61).
-- One row per clock and discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

terms as (

    select * from {{ ref('int_discrepancy_terms__chosen') }}

),

clocks as (

    select * from {{ ref('int_discrepancy_clocks__timed') }}

),

answer_clocks as (

    select * from {{ ref('int_answer_clocks__started') }}

),

playbooks as (

    select * from {{ ref('stg_rtv__claim_playbooks') }}

),

thresholds as (

    select * from {{ ref('thresholds') }}

),

claim_clocks as (

    select distinct on (terms.discrepancy_key)
        terms.discrepancy_key,
        'claim' as clock_code,
        terms.day_kind,
        terms.earliest_days,
        terms.latest_days,
        terms.starts_at,
        terms.starts_on,
        terms.timezone
    from terms
    inner join discrepancies
        on terms.discrepancy_key = discrepancies.discrepancy_key
    inner join rules
        on discrepancies.rule_code = rules.rule_code
    where
        rules.is_claimable
        and terms.latest_days is not null
    order by terms.discrepancy_key asc, terms.latest_days asc, terms.earliest_days asc nulls last

),

notice_clocks as (

    select
        discrepancies.discrepancy_key,
        'transporter_notice' as clock_code,
        'calendar' as day_kind,
        null::bigint as earliest_days,
        thresholds.threshold_value::bigint as latest_days,
        clocks.picked_up_at as starts_at,
        {{ local_date('clocks.picked_up_at', 'clocks.timezone') }} as starts_on,
        clocks.timezone
    from discrepancies
    inner join clocks
        on discrepancies.discrepancy_key = clocks.discrepancy_key
    inner join thresholds
        on thresholds.threshold_code = 'transporter_notice_days'
    where
        discrepancies.liable_role = 'transporter'
        and clocks.picked_up_at is not null

),

-- A playbook row with the reason pod_request says how long a proof of delivery can be asked for.
pod_terms as (

    select
        discrepancies.discrepancy_key,
        playbooks.day_kind,
        playbooks.earliest_days,
        playbooks.latest_days,
        playbooks.effective_from,
        playbooks.effective_to,
        clocks.timezone,
        {{ clock_started_at() }} as starts_at
    from discrepancies
    inner join clocks
        on discrepancies.discrepancy_key = clocks.discrepancy_key
    inner join playbooks
        on
            discrepancies.tenant_code = playbooks.tenant_code
            and discrepancies.liable_party_code = playbooks.party_code
            and playbooks.claim_reason = 'pod_request'

),

pod_clocks as (

    select distinct on (discrepancy_key)
        discrepancy_key,
        'pod_request' as clock_code,
        day_kind,
        earliest_days,
        latest_days,
        starts_at,
        {{ local_date('starts_at', 'timezone') }} as starts_on,
        timezone
    from pod_terms
    where
        {{ local_date('starts_at', 'timezone') }} between effective_from
        and coalesce(effective_to, date '9999-12-31')
        and latest_days is not null
    order by discrepancy_key asc, effective_from desc

),

stacked as (

    select * from claim_clocks
    union all
    select * from answer_clocks
    union all
    select * from pod_clocks
    union all
    select * from notice_clocks

),

final as (

    select
        discrepancy_key,
        clock_code,
        day_kind,
        timezone,
        earliest_days,
        latest_days,
        starts_at,
        starts_on
    from stacked

)

select * from final
