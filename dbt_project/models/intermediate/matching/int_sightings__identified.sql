-- What the AWB of each receipt or capture says by itself, undeclared AWBs included (steps 2 and 3). One row
-- per receipt or capture.
with

sightings as (

    select * from {{ ref('int_sightings__listed') }}

),

declared as (

    select * from {{ ref('int_sightings__declared') }}

),

undeclared as (

    select * from {{ ref('int_consignments__undeclared') }}

),

undeclared_by_awb as (

    select
        tenant_code,
        observed_awb_no,
        min(consignment_key) as consignment_key
    from undeclared
    group by tenant_code, observed_awb_no

),

final as (

    select
        sightings.sighting_key,
        sightings.tenant_code,
        sightings.sighting_kind,
        sightings.sighting_id,
        sightings.node_code,
        sightings.awb_no,
        sightings.rtv_no,
        sightings.carton_no,
        sightings.seen_at,
        declared.consignment_key as declared_consignment_key,
        undeclared_by_awb.consignment_key as undeclared_consignment_key,
        declared.match_method
    from sightings
    left join declared
        on sightings.sighting_key = declared.sighting_key
    left join undeclared_by_awb
        on
            sightings.tenant_code = undeclared_by_awb.tenant_code
            and sightings.awb_no = undeclared_by_awb.observed_awb_no
            and declared.sighting_key is null

)

select * from final
