-- Relation dim_dates of the star schema for BI tools: amounts in currency units, local times.
with

dates as (

    select * from {{ ref('dim_dates') }}

),

final as (

    select
        date_key,
        tenant_code,
        date_on,
        year_no,
        quarter_no,
        month_no,
        month_name,
        week_no,
        weekday_no,
        weekday_name,
        financial_year,
        is_business_day,
        is_holiday
    from dates

)

select * from final
