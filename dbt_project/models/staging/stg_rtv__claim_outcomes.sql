-- One row per answer.
{% set zone = reporting_timezone() %}
with

source as (

    select *
    from {{ source('raw', 'claim_outcomes') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.amount,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.claim_no') }} as claim_no,
        {{ resolved_time('source.outcome_at', zone) }} as outcome_at,
        {{ blank_to_null('source.status') }} as status,
        {{ blank_to_null('source.rejection_code') }} as rejection_code,
        {{ blank_to_null('source.reference') }} as reference,
        {{ minor_units('source.amount') }} as amount_minor,
        {{ is_naive('source.outcome_at') }} as is_naive_time
    from source

),

final as (

    select
        tenant_code,
        claim_no,
        outcome_at,
        status,
        amount,
        rejection_code,
        reference,
        amount_minor,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
