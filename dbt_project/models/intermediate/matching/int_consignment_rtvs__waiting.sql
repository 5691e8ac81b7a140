-- RTVs on consignments that no event, receipt or capture speaks of (ruling 18). One row per consignment and
-- RTV on it.
with

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

numbered as (

    select * from {{ ref('int_sightings__numbered') }}

),

final as (

    select
        consignment_rtvs.consignment_key,
        consignment_rtvs.rtv_key,
        consignment_rtvs.tenant_code,
        consignment_rtvs.origin_node,
        consignment_rtvs.destination_node,
        consignment_rtvs.declared_cartons,
        consignment_rtvs.first_created_at
    from consignment_rtvs
    left join matched
        on consignment_rtvs.consignment_key = matched.consignment_key
    left join numbered
        on consignment_rtvs.consignment_key = numbered.consignment_key
    where
        matched.consignment_key is null
        and numbered.consignment_key is null

)

select * from final
