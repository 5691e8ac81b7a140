-- Clocks of discrepancies with their last day and, where it is agreed, their first (ruling 61). One row per
-- clock and discrepancy.
with

clocks as (

    select * from {{ ref('int_deadlines__started') }}

),

days as (

    select * from {{ ref('int_days__numbered') }}

),

counted as (

    select
        clocks.*,
        coalesce(latest.day_on, clocks.starts_on + clocks.latest_days::int) as latest_on,
        coalesce(earliest.day_on, clocks.starts_on + clocks.earliest_days::int) as earliest_on
    from clocks
    left join days as started
        on
            clocks.day_kind = started.day_kind
            and clocks.starts_on = started.day_on
    left join days as latest
        on
            clocks.day_kind = latest.day_kind
            and started.day_no + clocks.latest_days = latest.day_no
            and latest.is_counted
    left join days as earliest
        on
            clocks.day_kind = earliest.day_kind
            and started.day_no + clocks.earliest_days = earliest.day_no
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
