-- Relation dim_nodes of the star schema for BI tools: amounts in currency units, local times.
with

nodes as (

    select * from {{ ref('dim_nodes') }}

),

final as (

    select
        node_key,
        tenant_code,
        node_code,
        node_name,
        node_role,
        party_code,
        party_role,
        timezone,
        city
    from nodes

)

select * from final
