-- The SKUs that captures of undeclared consignments scanned (ruling 18). One row per undeclared consignment
-- and SKU.
with

sightings as (

    select * from {{ ref('int_sightings__identified') }}

),

items as (

    select * from {{ ref('int_captured_items__decoded') }}

),

final as (

    select distinct
        sightings.undeclared_consignment_key,
        coalesce(items.certain_sku_code, items.coded_sku_code) as sku_code
    from sightings
    inner join items
        on
            sightings.tenant_code = items.tenant_code
            and sightings.sighting_id = items.capture_id
            and sightings.sighting_kind = 'capture'
    where
        sightings.undeclared_consignment_key is not null
        and coalesce(items.certain_sku_code, items.coded_sku_code) is not null

)

select * from final
