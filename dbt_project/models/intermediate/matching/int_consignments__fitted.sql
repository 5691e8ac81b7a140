-- Undeclared consignments that exactly one waiting RTV fits (step 4, ruling 18). One row per consignment so
-- fitted.
with

sightings as (

    select * from {{ ref('int_sightings__identified') }}

),

numbered as (

    select * from {{ ref('int_sightings__numbered') }}

),

receipts as (

    select * from {{ ref('stg_rtv__gate_receipts') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

undeclared as (

    select * from {{ ref('int_consignments__undeclared') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

items as (

    select * from {{ ref('int_captured_items__decoded') }}

),

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

thresholds as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

waiting as (

    select consignment_rtvs.*
    from consignment_rtvs
    left join matched
        on consignment_rtvs.consignment_key = matched.consignment_key
    left join numbered
        on consignment_rtvs.consignment_key = numbered.consignment_key
    where
        matched.consignment_key is null
        and numbered.consignment_key is null

),

blind as (

    select
        sightings.undeclared_consignment_key,
        sightings.tenant_code,
        min(receipts.node_code) as node_code,
        min(receipts.handover_at) as handover_at,
        sum(receipts.cartons_received) as gate_cartons
    from sightings
    inner join receipts
        on
            sightings.tenant_code = receipts.tenant_code
            and sightings.sighting_id = receipts.receipt_id
            and sightings.sighting_kind = 'receipt'
    where
        sightings.undeclared_consignment_key is not null
        and not exists (
            select 1
            from numbered
            where numbered.sighting_key = sightings.sighting_key
        )
    group by sightings.undeclared_consignment_key, sightings.tenant_code

),

picked_up_from as (

    select
        undeclared.consignment_key,
        min(events.place) as origin_node
    from undeclared
    inner join events
        on
            undeclared.tenant_code = events.tenant_code
            and undeclared.observed_transporter_code = events.transporter_code
            and undeclared.observed_awb_no = events.awb_no
    inner join nodes
        on
            events.tenant_code = nodes.tenant_code
            and events.place = nodes.node_code
    where events.status = 'picked_up'
    group by undeclared.consignment_key

),

fitting as (

    select
        blind.undeclared_consignment_key,
        waiting.consignment_key,
        waiting.rtv_key,
        blind.handover_at,
        count(*) over (partition by blind.undeclared_consignment_key) as fit_count
    from blind
    cross join thresholds
    inner join waiting
        on
            blind.tenant_code = waiting.tenant_code
            and blind.node_code = waiting.destination_node
            and blind.gate_cartons = waiting.declared_cartons
            and blind.handover_at >= waiting.first_created_at
            and blind.handover_at
            <= waiting.first_created_at + thresholds.fit_window_days * interval '24 hours'
    left join picked_up_from
        on blind.undeclared_consignment_key = picked_up_from.consignment_key
    where coalesce(picked_up_from.origin_node = waiting.origin_node, true)

),

scanned as (

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

),

manifest_skus as (

    select distinct
        rtv_key,
        sku_code
    from manifest_lines

),

overlapping as (

    select
        fitting.undeclared_consignment_key,
        fitting.consignment_key,
        fitting.rtv_key,
        fitting.handover_at,
        count(scanned.sku_code) as scanned_count,
        count(manifest_skus.sku_code) as declared_count
    from fitting
    inner join scanned
        on fitting.undeclared_consignment_key = scanned.undeclared_consignment_key
    left join manifest_skus
        on
            fitting.rtv_key = manifest_skus.rtv_key
            and scanned.sku_code = manifest_skus.sku_code
    where fitting.fit_count = 1
    group by
        fitting.undeclared_consignment_key,
        fitting.consignment_key,
        fitting.rtv_key,
        fitting.handover_at

),

first_come as (

    select
        *,
        row_number() over (
            partition by consignment_key
            order by handover_at, undeclared_consignment_key
        ) as arrival_rank
    from overlapping
    where declared_count * 2 >= scanned_count

),

final as (

    select
        undeclared_consignment_key,
        consignment_key,
        rtv_key
    from first_come
    where arrival_rank = 1

)

select * from final
