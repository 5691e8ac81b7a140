-- Clocks of filed claims before their days are counted: the party's reply from the filing, the appeal from
-- its refusal. Of several grades the terms with the fewest days count (ruling 61).
-- One row per clock and discrepancy.
with

terms as (

    select * from {{ ref('int_discrepancy_terms__chosen') }}

),

claim_steps as (

    select * from {{ ref('int_claim_steps__timed') }}

),

reply_clocks as (

    select distinct on (claim_steps.discrepancy_key)
        claim_steps.discrepancy_key,
        'reply' as clock_code,
        terms.day_kind,
        {{ typed('count') }} as earliest_days,
        terms.reply_days as latest_days,
        claim_steps.filed_at as starts_at,
        {{ local_date('claim_steps.filed_at', 'terms.timezone') }} as starts_on,
        terms.timezone
    from claim_steps
    inner join terms
        on claim_steps.discrepancy_key = terms.discrepancy_key
    where
        claim_steps.filed_at is not null
        and terms.reply_days is not null
    order by claim_steps.discrepancy_key asc, terms.reply_days asc, terms.day_kind desc

),

appeal_clocks as (

    select distinct on (claim_steps.discrepancy_key)
        claim_steps.discrepancy_key,
        'appeal' as clock_code,
        terms.day_kind,
        {{ typed('count') }} as earliest_days,
        terms.appeal_days as latest_days,
        claim_steps.decided_at as starts_at,
        {{ local_date('claim_steps.decided_at', 'terms.timezone') }} as starts_on,
        terms.timezone
    from claim_steps
    inner join terms
        on claim_steps.discrepancy_key = terms.discrepancy_key
    where
        claim_steps.decided_at is not null
        and terms.appeal_days is not null
    order by claim_steps.discrepancy_key asc, terms.appeal_days asc, terms.day_kind desc

),

final as (

    select * from reply_clocks
    union all
    select * from appeal_clocks

)

select * from final
