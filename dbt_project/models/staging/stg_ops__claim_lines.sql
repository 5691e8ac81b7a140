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

-- What the party last granted and last took back, with the amount where it named one.
answers as (

    select
        claim_id,
        amount_minor,
        case when to_status = 'clawed_back' then 'taken' else 'granted' end as answer_kind,
        row_number() over (
            partition by claim_id, to_status = 'clawed_back'
            order by amount_minor is null, claim_event_id desc
        ) as recency
    from claim_events
    where to_status in ('accepted', 'part_accepted', 'reimbursed', 'clawed_back')

),

answered as (

    select
        claim_id,
        count(case when answer_kind = 'granted' then 1 end) > 0 as is_granted,
        max(case when answer_kind = 'granted' then amount_minor end) as granted_minor,
        max(case when answer_kind = 'taken' then amount_minor end) as clawed_back_minor
    from answers
    where recency = 1
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
        decided.decided_at,
        answered.granted_minor,
        answered.clawed_back_minor,
        coalesce(answered.is_granted, false) as is_granted
    from claim_lines
    inner join claims
        on claim_lines.claim_id = claims.claim_id
    left join answered
        on claims.claim_id = answered.claim_id
    left join decided
        on claims.claim_id = decided.claim_id

)

select * from final
