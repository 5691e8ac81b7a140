-- Receipts and captures beside each RTV that their scanned RTV number names, else that alone has their box ID
-- (step 1, ruling 16). One row per receipt or capture and RTV.
with

sightings as (

    select * from {{ ref('int_sightings__identified') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

numbered as (

    select
        sightings.sighting_key,
        rtvs.rtv_key,
        sightings.declared_consignment_key,
        sightings.node_code,
        rtvs.destination_node,
        'rtv_no' as named_by
    from sightings
    inner join rtvs
        on
            sightings.tenant_code = rtvs.tenant_code
            and sightings.rtv_no = rtvs.rtv_no
            and not rtvs.is_duplicate

),

boxes as (

    select
        manifest_lines.tenant_code,
        manifest_lines.carton_no,
        min(manifest_lines.rtv_key) as rtv_key
    from manifest_lines
    inner join rtvs
        on
            manifest_lines.rtv_key = rtvs.rtv_key
            and not rtvs.is_duplicate
    where manifest_lines.carton_no is not null
    group by manifest_lines.tenant_code, manifest_lines.carton_no
    having count(distinct manifest_lines.rtv_key) = 1

),

boxed as (

    select
        sightings.sighting_key,
        boxes.rtv_key,
        sightings.declared_consignment_key,
        sightings.node_code,
        rtvs.destination_node,
        'carton_no' as named_by
    from sightings
    inner join boxes
        on
            sightings.tenant_code = boxes.tenant_code
            and sightings.carton_no = boxes.carton_no
    inner join rtvs
        on boxes.rtv_key = rtvs.rtv_key
    left join numbered
        on sightings.sighting_key = numbered.sighting_key
    where numbered.sighting_key is null

),

final as (

    select * from numbered
    union all
    select * from boxed

)

select * from final
