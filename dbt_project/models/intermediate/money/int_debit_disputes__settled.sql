-- What the claim of each disputed part of a debit line has made of it.
-- One row per debit line and discrepancy.
with

disputes as (

    select * from {{ ref('int_debit_disputes__amounted') }}

),

claim_lines as (

    select * from {{ ref('stg_ops__claim_lines') }}

),

outcomes as (

    select * from {{ ref('stg_rtv__claim_outcomes') }}

),

granted as (

    select distinct on (tenant_code, claim_no)
        tenant_code,
        claim_no,
        amount_minor
    from outcomes
    where amount_minor is not null
    order by tenant_code asc, claim_no asc, outcome_at desc

),

claimed as (

    select distinct on (claim_lines.discrepancy_key)
        claim_lines.discrepancy_key,
        claim_lines.claim_status,
        case
            when claim_lines.claim_status in ('accepted', 'reimbursed', 'closed') then 1
            when claim_lines.claim_status = 'part_accepted'
                then least(
                    coalesce(granted.amount_minor, 0)::numeric / nullif(claim_lines.claimed_minor, 0), 1
                )
            else 0
        end as won_share
    from claim_lines
    left join granted
        on
            claim_lines.tenant_code = granted.tenant_code
            and claim_lines.claim_no = granted.claim_no
    order by claim_lines.discrepancy_key asc, claim_lines.created_at desc, claim_lines.claim_no desc

),

shared as (

    select
        disputes.*,
        claimed.claim_status,
        {{ half_up('disputes.disputed_minor * coalesce(claimed.won_share, 0)') }} as won_minor
    from disputes
    left join claimed
        on disputes.discrepancy_key = claimed.discrepancy_key

),

final as (

    select
        debit_line_key,
        discrepancy_key,
        disputed_minor,
        won_minor,
        case
            when claim_status in ('rejected', 'dropped', 'time_barred', 'part_accepted')
                then disputed_minor - won_minor
            else 0
        end as lost_minor,
        case when claim_status = 'clawed_back' then disputed_minor else 0 end as clawed_back_minor
    from shared

)

select * from final
