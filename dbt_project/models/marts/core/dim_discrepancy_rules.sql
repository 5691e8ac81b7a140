-- The rules of reconciliation. One row per rule and tenant.
with

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

tenants as (

    select * from {{ ref('int_tenants__seen') }}

),

final as (

    select
        {{ surrogate_key(['tenants.tenant_code', 'rules.rule_code']) }} as rule_key,
        tenants.tenant_code,
        rules.rule_code,
        rules.rule_order,
        rules.title,
        rules.grain,
        rules.qty_unit,
        rules.liable_first,
        rules.liable_then,
        rules.condition_order,
        rules.is_claimable,
        rules.is_overlay,
        rules.is_valued
    from rules
    cross join tenants

)

select * from final
