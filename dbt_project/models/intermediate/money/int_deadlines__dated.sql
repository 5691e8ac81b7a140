-- Clocks of open discrepancies: to claim, and to notify the transporter (ruling 61).
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

days as (

    select * from {{ ref('int_days__numbered') }}

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
    where rules.is_claimable
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

stacked as (

    select * from claim_clocks
    union all
    select * from notice_clocks

),

counted as (

    select
        stacked.*,
        coalesce(latest.day_on, stacked.starts_on + stacked.latest_days::int) as latest_on,
        coalesce(earliest.day_on, stacked.starts_on + stacked.earliest_days::int) as earliest_on
    from stacked
    left join days as started
        on
            stacked.day_kind = started.day_kind
            and stacked.starts_on = started.day_on
    left join days as latest
        on
            stacked.day_kind = latest.day_kind
            and started.day_no + stacked.latest_days = latest.day_no
            and latest.is_counted
    left join days as earliest
        on
            stacked.day_kind = earliest.day_kind
            and started.day_no + stacked.earliest_days = earliest.day_no
            and earliest.is_counted

),

final as (

    select
        discrepancy_key,
        clock_code,
        starts_at,
        {{ start_of_day('earliest_on', 'timezone') }} as earliest_at,
        {{ end_of_day('latest_on', 'timezone') }} as due_at
    from counted

)

select * from final
