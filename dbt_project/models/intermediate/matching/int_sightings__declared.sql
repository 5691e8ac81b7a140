-- Receipts and captures with the declared consignment of their AWB: of several, the one that their node waits
-- for, then the one delivered last before (steps 2 and 3). One row per receipt or capture of a declared AWB.
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

final as (

    select
        sighting_key,
        consignment_key,
        match_method
    from ranked
    where candidate_rank = 1

)

select * from final
