-- Observed AWBs with the declared consignments they mean, exactly or by alias (ruling 17). One row per
-- observed AWB and consignment; more than one only where several consignments bear the very same number.
with

observed as (

    select * from {{ ref('int_awbs__observed') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

declared as (

    select distinct
        consignment_key,
        tenant_code,
        transporter_code,
        awb_no,
        {{ normal_form('awb_no') }} as awb_normal
    from consignment_rtvs
    where awb_no is not null

),

referenced as (

    select distinct
        tenant_code,
        transporter_code,
        {{ normal_form('awb_no') }} as awb_normal,
        {{ normal_form('reference_no') }} as reference_normal
    from events
    where reference_no is not null

),

tried as (

    select
        observed.observed_key,
        declared.consignment_key,
        1 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and observed.awb_no = declared.awb_no
    where coalesce(observed.transporter_code = declared.transporter_code, true)
    union all
    select
        observed.observed_key,
        declared.consignment_key,
        2 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and observed.awb_normal = declared.awb_normal
    where coalesce(observed.transporter_code = declared.transporter_code, true)
    union all
    select
        observed.observed_key,
        declared.consignment_key,
        3 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and left(observed.awb_normal, -1) = declared.awb_normal
    where
        coalesce(observed.transporter_code = declared.transporter_code, true)
        and length(observed.awb_normal) >= 9
    union all
    select
        observed.observed_key,
        declared.consignment_key,
        3 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and observed.awb_normal = left(declared.awb_normal, -1)
    where
        coalesce(observed.transporter_code = declared.transporter_code, true)
        and length(declared.awb_normal) >= 9
    union all
    select
        observed.observed_key,
        declared.consignment_key,
        4 as attempt
    from observed
    inner join referenced
        on
            observed.tenant_code = referenced.tenant_code
            and observed.awb_normal in (referenced.reference_normal, referenced.awb_normal)
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and declared.awb_normal in (referenced.reference_normal, referenced.awb_normal)
    where
        coalesce(observed.transporter_code = declared.transporter_code, true)
        and coalesce(referenced.transporter_code = declared.transporter_code, true)

),

candidates as (

    select
        observed_key,
        attempt,
        count(distinct consignment_key) as candidate_count
    from tried
    group by observed_key, attempt

),

counted as (

    select distinct
        tried.observed_key,
        tried.consignment_key,
        tried.attempt,
        candidates.candidate_count
    from tried
    inner join candidates
        on
            tried.observed_key = candidates.observed_key
            and tried.attempt = candidates.attempt

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
