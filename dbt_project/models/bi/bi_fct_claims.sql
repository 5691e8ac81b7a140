-- Relation fct_claims of the star schema for BI tools: amounts in currency units, local times.
with

claims as (

    select * from {{ ref('fct_claims') }}

),

final as (

    select
        claim_key,
        tenant_code,
        claim_id,
        claim_no,
        party_code,
        platform_code,
        rtv_no,
        claim_reason,
        claim_status,
        currency_code,
        line_count,
        is_terms_unverified,
        bundle_key,
        bundle_sha256,
        {{ major_units('claimed_minor') }} as claimed_amount,
        {{ local_time('due_at') }} as due_local_at,
        {{ local_time('created_at') }} as created_local_at,
        {{ local_time('updated_at') }} as updated_local_at
    from claims

)

select * from final
