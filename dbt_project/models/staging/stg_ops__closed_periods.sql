-- Months whose books are closed. One row per month.
with

source as (

    select * from {{ source('ops', 'closed_periods') }}

),

final as (

    select
        tenant_code,
        period_on
    from source

)

select * from final
