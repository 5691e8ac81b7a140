-- The playbook row in force for each discrepancy and grade, and when its clock starts (ruling 56).
-- One row per discrepancy and grade that a playbook row covers.
with

units as (

    select * from {{ ref('int_discrepancy_units__placed') }}

),

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

clocks as (

    select * from {{ ref('int_discrepancy_clocks__timed') }}

),

playbooks as (

    select * from {{ ref('stg_rtv__claim_playbooks') }}

),

graded as (

    select
        discrepancy_key,
        grade
    from units
    union
    select
        discrepancy_key,
        null as grade
    from discrepancies

),

started as (

    select
        graded.discrepancy_key,
        graded.grade,
        discrepancies.tenant_code,
        playbooks.party_code,
        playbooks.grade as playbook_grade,
        playbooks.effective_from,
        playbooks.effective_to,
        playbooks.earliest_days,
        playbooks.latest_days,
        playbooks.reply_days,
        playbooks.appeal_days,
        playbooks.day_kind,
        playbooks.proof_required,
        playbooks.basis,
        playbooks.rate_pct,
        playbooks.tax_included,
        playbooks.source,
        playbooks.contract_ref,
        clocks.timezone,
        {{ clock_started_at() }} as starts_at
    from graded
    inner join discrepancies
        on graded.discrepancy_key = discrepancies.discrepancy_key
    inner join clocks
        on graded.discrepancy_key = clocks.discrepancy_key
    inner join playbooks
        on
            discrepancies.tenant_code = playbooks.tenant_code
            and discrepancies.liable_party_code = playbooks.party_code
            and discrepancies.rule_code = playbooks.claim_reason
            and coalesce(graded.grade = playbooks.grade, playbooks.grade is null)
            and coalesce(playbooks.currency_code, clocks.currency_code) = clocks.currency_code

),

ranked as (

    select
        *,
        {{ local_date('starts_at', 'timezone') }} as starts_on,
        row_number() over (
            partition by discrepancy_key, grade
            order by (playbook_grade is not null) desc, effective_from desc
        ) as term_rank
    from started
    where
        {{ local_date('starts_at', 'timezone') }} between effective_from
        and coalesce(effective_to, date '9999-12-31')

),

final as (

    select
        discrepancy_key,
        grade,
        tenant_code,
        party_code,
        day_kind,
        basis,
        proof_required,
        source,
        contract_ref,
        timezone,
        earliest_days,
        latest_days,
        reply_days,
        appeal_days,
        rate_pct,
        tax_included,
        starts_at,
        starts_on
    from ranked
    where term_rank = 1

)

select * from final
