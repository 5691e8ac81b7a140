-- Days numbered as each kind of day is counted. One row per kind and day around as_of.
with

holidays as (

    select * from {{ ref('holidays') }}

),

bounds as (

    select
        ({{ as_of() }} - interval '6 years')::date as first_on,
        ({{ as_of() }} + interval '6 years')::date as last_on

),

days as (

    select series.day_at::date as day_on
    from bounds
    cross join
        generate_series(bounds.first_on::date, bounds.last_on::date, interval '1 day') as series (day_at)

),

judged as (

    select
        kinds.day_kind,
        days.day_on,
        kinds.day_kind = 'calendar'
        or (holidays.holiday_on is null and extract(isodow from days.day_on) <= kinds.last_weekday_no)
            as is_counted
    from days
    cross join
        (values ('calendar', 7), ('business', 5), ('business_sat', 6)) as kinds (day_kind, last_weekday_no)
    left join holidays
        on days.day_on = holidays.holiday_on

),

final as (

    select
        day_kind,
        day_on,
        is_counted,
        count(*) filter (where is_counted) over (
            partition by day_kind
            order by day_on
        ) as day_no
    from judged

)

select * from final
