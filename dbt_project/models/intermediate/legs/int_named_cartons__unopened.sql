-- Cartons that manifests name and no capture opened, in the order of their numbers (ruling 29). One row per
-- consignment, RTV line and carton.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

opened as (

    select distinct
        sightings.consignment_key,
        captures.carton_no
    from sightings
    inner join captures
        on
            sightings.tenant_code = captures.tenant_code
            and sightings.sighting_id = captures.capture_id
    where sightings.sighting_kind = 'capture'

),

named_cartons as (

    select
        manifest_lines.consignment_key,
        manifest_lines.line_key,
        manifest_lines.carton_no,
        sum(manifest_lines.qty) as carton_qty
    from manifest_lines
    inner join consignments
        on manifest_lines.consignment_key = consignments.consignment_key
    left join opened
        on
            manifest_lines.consignment_key = opened.consignment_key
            and manifest_lines.carton_no = opened.carton_no
    where
        consignments.is_carton_named
        and (consignments.capture_count = 0 or consignments.is_any_capture_named)
        and not consignments.is_lost
        and opened.carton_no is null
    group by manifest_lines.consignment_key, manifest_lines.line_key, manifest_lines.carton_no

),

final as (

    select
        *,
        dense_rank() over (
            partition by consignment_key
            order by length(carton_no), carton_no
        ) as carton_rank
    from named_cartons

)

select * from final
