-- Relation dim_discrepancy_rules of the star schema for BI tools: amounts in currency units, local times.
with

discrepancy_rules as (

    select * from {{ ref('dim_discrepancy_rules') }}

),

final as (

    select
        rule_key,
        tenant_code,
        rule_code,
        rule_order,
        title,
        grain,
        qty_unit,
        liable_first,
        liable_then,
        condition_order,
        is_claimable,
        is_overlay,
        is_valued
    from discrepancy_rules

)

select * from final
