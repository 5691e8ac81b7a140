-- Places goods leave from or arrive at. One row per node.
with

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

parties as (

    select * from {{ ref('stg_rtv__parties') }}

),

final as (

    select
        {{ surrogate_key(['nodes.tenant_code', 'nodes.node_code']) }} as node_key,
        nodes.tenant_code,
        nodes.node_code,
        nodes.node_name,
        nodes.node_role,
        nodes.party_code,
        parties.party_role,
        nodes.timezone,
        nodes.city
    from nodes
    left join parties
        on
            nodes.tenant_code = parties.tenant_code
            and nodes.party_code = parties.party_code

)

select * from final
