-- Which RTVs the units of a capture can belong to, oldest first. One row per capture and RTV.
with

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

final as (

    select
        sightings.tenant_code,
        sightings.sighting_id as capture_id,
        sightings.consignment_key,
        consignment_rtvs.rtv_key,
        consignment_rtvs.platform_code,
        consignment_rtvs.rtv_no,
        consignment_rtvs.first_created_at,
        count(*) over (partition by sightings.sighting_key) as rtv_count,
        row_number() over (
            partition by sightings.sighting_key
            order by
                consignment_rtvs.first_created_at, consignment_rtvs.rtv_no, consignment_rtvs.platform_code
        ) as rtv_rank
    from sightings
    inner join consignment_rtvs
        on
            sightings.consignment_key = consignment_rtvs.consignment_key
            and coalesce(sightings.rtv_key, consignment_rtvs.rtv_key) = consignment_rtvs.rtv_key
    where sightings.sighting_kind = 'capture'

)

select * from final
