-- Undeclared consignments at a gate whose receipts name no RTV: where, when, with how many cartons, and from
-- which node a pickup says that they came (ruling 18). One row per undeclared consignment.
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

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

undeclared as (

    select * from {{ ref('int_consignments__undeclared') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

received as (

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

final as (

    select
        received.*,
        picked_up_from.origin_node
    from received
    left join picked_up_from
        on received.undeclared_consignment_key = picked_up_from.consignment_key

)

select * from final
