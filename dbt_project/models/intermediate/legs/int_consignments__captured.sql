-- What the bay says of a consignment: cartons opened, units scanned, film. One row per consignment with
-- captures.
with

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

items as (

    select * from {{ ref('stg_rtv__qc_capture_items') }}

),

scanned as (

    select
        tenant_code,
        capture_id,
        sum(qty) as scanned_qty
    from items
    group by tenant_code, capture_id

),

final as (

    select
        sightings.consignment_key,
        sightings.tenant_code,
        min(captures.node_code) as node_code,
        min(captures.bay_code) as bay_code,
        count(*)::bigint as capture_count,
        count(distinct captures.carton_no)::bigint as captured_cartons,
        coalesce(sum(scanned.scanned_qty), 0)::bigint as scanned_qty,
        coalesce(bool_or(captures.is_last_carton), false) as is_last_carton_captured,
        bool_or(captures.carton_no is not null) as is_any_carton_named,
        bool_and(captures.carton_no is not null) as is_every_carton_named,
        bool_and(captures.video_uri is not null) as is_filmed,
        min(captures.started_at) as first_started_at,
        max(captures.ended_at) as last_ended_at
    from sightings
    inner join captures
        on
            sightings.tenant_code = captures.tenant_code
            and sightings.sighting_id = captures.capture_id
    left join scanned
        on
            captures.tenant_code = scanned.tenant_code
            and captures.capture_id = scanned.capture_id
    where sightings.sighting_kind = 'capture'
    group by sightings.consignment_key, sightings.tenant_code

)

select * from final
