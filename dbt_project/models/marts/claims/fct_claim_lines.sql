-- Discrepancies that a claim holds. One row per claim and discrepancy.
with

claims as (

    select * from {{ source('ops', 'claims') }}

),

claim_lines as (

    select * from {{ source('ops', 'claim_lines') }}

),

final as (

    select
        {{ surrogate_key(
            ['claims.tenant_code', 'claims.claim_no', 'claim_lines.discrepancy_key']
        ) }} as claim_line_key,
        claims.tenant_code,
        claims.claim_no,
        claim_lines.discrepancy_key,
        claim_lines.rule_code,
        claim_lines.platform_code,
        claim_lines.rtv_no,
        claim_lines.sku_code,
        claim_lines.batch_no,
        claims.claim_status,
        claim_lines.claimed_qty,
        claim_lines.claimed_minor
    from claim_lines
    inner join claims
        on claim_lines.claim_id = claims.claim_id

)

select * from final
