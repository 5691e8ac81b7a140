-- Observed AWBs with the declared consignments they mean, exactly or by alias (ruling 17). One row per
-- observed AWB and consignment; more than one only where several consignments bear the very same number.
with

observed as (

    select * from {{ ref('int_awbs__observed') }}

),

tried as (

    select * from {{ ref('int_awbs__tried') }}

),

counted as (

    select
        *,
        count(*) over (partition by observed_key, attempt) as candidate_count
    from tried

),

ranked as (

    select
        *,
        min(attempt) over (partition by observed_key) as first_attempt
    from counted
    where
        candidate_count = 1
        or attempt = 1

),

final as (

    select
        ranked.observed_key,
        ranked.consignment_key,
        observed.tenant_code,
        observed.transporter_code,
        observed.awb_no,
        case when ranked.attempt = 1 then 'awb_exact' else 'awb_alias' end as match_method
    from ranked
    inner join observed
        on ranked.observed_key = observed.observed_key
    where ranked.attempt = ranked.first_attempt

)

select * from final
