-- Days around as_of, with business days and financial years. One row per day and tenant.
with

tenants as (

    select * from {{ ref('int_tenants__seen') }}

),

holidays as (

    select * from {{ ref('holidays') }}

),

bounds as (

    select
        (extract(year from {{ as_of() }})::int - 3)::text || '-04-01' as first_on,
        (extract(year from {{ as_of() }})::int + 3)::text || '-03-31' as last_on

),

days as (

    select series.day_at::date as date_on
    from bounds
    cross join
        generate_series(bounds.first_on::date, bounds.last_on::date, interval '1 day') as series (day_at)

),

final as (

    select
        {{ surrogate_key(['tenants.tenant_code', 'days.date_on']) }} as date_key,
        tenants.tenant_code,
        days.date_on,
        extract(year from days.date_on)::bigint as year_no,
        extract(quarter from days.date_on)::bigint as quarter_no,
        extract(month from days.date_on)::bigint as month_no,
        to_char(days.date_on, 'FMMonth') as month_name,
        extract(week from days.date_on)::bigint as week_no,
        extract(isodow from days.date_on)::bigint as weekday_no,
        to_char(days.date_on, 'FMDay') as weekday_name,
        {{ financial_year('days.date_on') }} as financial_year,
        extract(isodow from days.date_on) <= 5 and holidays.holiday_on is null as is_business_day,
        holidays.holiday_on is not null as is_holiday
    from days
    cross join tenants
    left join holidays
        on days.date_on = holidays.holiday_on

)

select * from final
