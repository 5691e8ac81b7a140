-- What the AWB of each receipt or capture says by itself, undeclared AWBs included (steps 2 and 3). One row
-- per receipt or capture.
with

sightings as (

    select * from {{ ref('int_sightings__listed') }}

),

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

undeclared as (

    select * from {{ ref('int_consignments__undeclared') }}

),

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

destined as (

    select
        consignment_key,
        min(destination_node) as destination_node
    from consignment_rtvs
    group by consignment_key

),

delivered as (

    select
        matched.consignment_key,
        events.event_at as delivered_at
    from events
    inner join matched
        on
            events.tenant_code = matched.tenant_code
            and events.transporter_code = matched.transporter_code
            and events.awb_no = matched.awb_no
    where events.status in ('delivered', 'partially_delivered')

),

ranked as (

    select
        sightings.sighting_key,
        matched.consignment_key,
        matched.match_method,
        row_number() over (
            partition by sightings.sighting_key
            order by
                (coalesce(destined.destination_node = sightings.node_code, false)) desc,
                max(delivered.delivered_at) desc nulls last,
                matched.consignment_key
        ) as candidate_rank
    from sightings
    inner join matched
        on
            sightings.tenant_code = matched.tenant_code
            and sightings.awb_no = matched.awb_no
            and matched.transporter_code is null
    left join destined
        on matched.consignment_key = destined.consignment_key
    left join delivered
        on
            matched.consignment_key = delivered.consignment_key
            and sightings.seen_at >= delivered.delivered_at
    group by
        sightings.sighting_key,
        sightings.node_code,
        matched.consignment_key,
        matched.match_method,
        destined.destination_node

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
        ranked.consignment_key as declared_consignment_key,
        undeclared_by_awb.consignment_key as undeclared_consignment_key,
        ranked.match_method
    from sightings
    left join ranked
        on
            sightings.sighting_key = ranked.sighting_key
            and ranked.candidate_rank = 1
    left join undeclared_by_awb
        on
            sightings.tenant_code = undeclared_by_awb.tenant_code
            and sightings.awb_no = undeclared_by_awb.observed_awb_no
            and ranked.sighting_key is null

)

select * from final
