-- Claim lines with the state of their claim, frozen for one build. One row per claim and discrepancy.
with

claims as (

    select * from {{ source('ops', 'claims') }}

),

claim_lines as (

    select * from {{ source('ops', 'claim_lines') }}

),

final as (

    select
        claims.tenant_code,
        claims.claim_no,
        claim_lines.discrepancy_key,
        claims.claim_status,
        claims.claimed_minor,
        claims.created_at
    from claim_lines
    inner join claims
        on claim_lines.claim_id = claims.claim_id

)

select * from final
