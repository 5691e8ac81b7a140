-- Relation fct_claim_lines of the star schema for BI tools: amounts in currency units, local times.
with

claim_lines as (

    select * from {{ ref('fct_claim_lines') }}

),

final as (

    select
        claim_line_key,
        tenant_code,
        claim_no,
        discrepancy_key,
        rule_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        claim_status,
        claimed_qty,
        {{ major_units('claimed_minor') }} as claimed_amount
    from claim_lines

)

select * from final
