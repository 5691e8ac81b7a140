-- Claim lines with the state of their claim, frozen for one build. One row per claim and discrepancy.
with

claims as (

    select * from {{ source('ops', 'claims') }}

),

claim_lines as (

    select * from {{ source('ops', 'claim_lines') }}

),

claim_events as (

    select * from {{ source('ops', 'claim_events') }}

),

decided as (

    select
        claim_id,
        min(happened_at) as decided_at
    from claim_events
    where to_status in ('rejected', 'part_accepted')
    group by claim_id

),

final as (

    select
        claims.tenant_code,
        claims.claim_no,
        claim_lines.discrepancy_key,
        claims.claim_status,
        claims.claimed_minor,
        claims.created_at,
        claims.filed_at,
        decided.decided_at
    from claim_lines
    inner join claims
        on claim_lines.claim_id = claims.claim_id
    left join decided
        on claims.claim_id = decided.claim_id

)

select * from final
