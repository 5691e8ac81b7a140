-- When the claim of a discrepancy was filed, and when the party refused it or a part of it. One row per
-- discrepancy that a claim holds.
with

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
    where claim_status not in ('dropped', 'time_barred')

),

final as (

    select
        ranked.discrepancy_key,
        ranked.tenant_code,
        ranked.claim_no,
        ranked.claim_status,
        ranked.filed_at,
        ranked.decided_at,
        ranked.claim_status not in ('draft', 'ready', 'approved') as is_filed,
        ranked.claim_status not in ('draft', 'ready', 'approved', 'filed') as is_answered,
        ranked.claim_status in ('accepted', 'appealed', 'reimbursed', 'closed', 'clawed_back') as is_appealed
    from ranked
    where ranked.claim_rank = 1

)

select * from final
