-- Relation dim_parties of the star schema for BI tools: amounts in currency units, local times.
with

parties as (

    select * from {{ ref('dim_parties') }}

),

final as (

    select
        party_key,
        tenant_code,
        party_code,
        party_name,
        party_role,
        gstin,
        state_code
    from parties

)

select * from final
