-- What the claim of each disputed part of a debit line has made of it: what the party granted is won, what it
-- took back is clawed back, and the rest is lost once the party has answered (ruling 59).
-- One row per debit line and discrepancy.
with

disputes as (

    select * from {{ ref('int_debit_disputes__amounted') }}

),

claim_lines as (

    select * from {{ ref('stg_ops__claim_lines') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by discrepancy_key
            order by created_at desc, claim_no desc
        ) as claim_rank
    from claim_lines

),

-- A grant without an amount grants all, a clawback without one takes all of it back.
shared as (

    select
        discrepancy_key,
        claim_status,
        case
            when not is_granted then 0
            when granted_minor is null or claimed_minor = 0 then 1
            else least(granted_minor * 1.0 / claimed_minor, 1)
        end as granted_share,
        case
            when claim_status <> 'clawed_back' then 0
            when clawed_back_minor is null or claimed_minor = 0 then 1
            else least(clawed_back_minor * 1.0 / claimed_minor, 1)
        end as clawed_back_share,
        claim_status in (
            'accepted', 'part_accepted', 'rejected', 'reimbursed', 'closed', 'clawed_back', 'dropped',
            'time_barred'
        ) as is_answered
    from ranked
    where claim_rank = 1

),

amounted as (

    select
        disputes.debit_line_key,
        disputes.discrepancy_key,
        disputes.disputed_minor,
        coalesce(shared.is_answered, false) as is_answered,
        {{ half_up('disputes.disputed_minor * coalesce(shared.granted_share, 0)') }} as granted_minor,
        {{ half_up(
            'disputes.disputed_minor * least(coalesce(shared.clawed_back_share, 0), shared.granted_share)'
        ) }} as clawed_back_minor
    from disputes
    left join shared
        on disputes.discrepancy_key = shared.discrepancy_key

),

final as (

    select
        debit_line_key,
        discrepancy_key,
        disputed_minor,
        granted_minor - coalesce(clawed_back_minor, 0) as won_minor,
        case when is_answered then disputed_minor - granted_minor else 0 end as lost_minor,
        coalesce(clawed_back_minor, 0) as clawed_back_minor
    from amounted

)

select * from final
