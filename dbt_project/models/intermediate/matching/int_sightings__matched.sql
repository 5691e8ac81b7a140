-- Receipts and captures with the consignment they belong to and how that was found. One row per receipt or
-- capture.
with

sightings as (

    select * from {{ ref('int_sightings__identified') }}

),

numbered as (

    select * from {{ ref('int_sightings__numbered') }}

),

folded as (

    select * from {{ ref('int_consignments__folded') }}

),

final as (

    select
        sightings.sighting_key,
        sightings.tenant_code,
        sightings.sighting_kind,
        sightings.sighting_id,
        sightings.node_code,
        sightings.awb_no as observed_awb_no,
        numbered.rtv_key,
        sightings.seen_at,
        coalesce(
            numbered.consignment_key,
            sightings.declared_consignment_key,
            folded.consignment_key,
            sightings.undeclared_consignment_key
        ) as consignment_key,
        case
            when numbered.sighting_key is not null then 'rtv_no'
            else coalesce(sightings.match_method, folded.match_method, 'blind')
        end as match_method,
        coalesce(numbered.is_contradicted, folded.is_contradicted, false) as is_contradicted
    from sightings
    left join numbered
        on sightings.sighting_key = numbered.sighting_key
    left join folded
        on sightings.undeclared_consignment_key = folded.undeclared_consignment_key

)

select * from final
