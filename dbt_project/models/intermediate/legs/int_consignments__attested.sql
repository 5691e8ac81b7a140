-- Who recorded what about a consignment, as liability and confidence rest on it (rulings 34, 62). One row
-- per consignment.
with

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

parties as (

    select * from {{ ref('stg_rtv__parties') }}

),

matched as (

    select
        consignment_key,
        bool_or(match_method in ('awb_alias', 'fit') or is_contradicted) as is_match_inferred
    from sightings
    group by consignment_key

),

final as (

    select
        consignments.*,
        parties.party_code as receiver_party_code,
        parties.party_role as receiver_role,
        coalesce(matched.is_match_inferred, false) as is_match_inferred,
        consignments.is_qc_complete or consignments.is_lost as is_closed,
        consignments.unsealed_receipt_count > 0 and not consignments.is_seal_broken_at_pickup
            as is_seal_broken_in_transit,
        consignments.picked_up_cartons is not null and consignments.gate_cartons is not null
            as is_counted_by_two
    from consignments
    left join matched
        on consignments.consignment_key = matched.consignment_key
    left join nodes
        on
            consignments.tenant_code = nodes.tenant_code
            and consignments.node_code = nodes.node_code
    left join parties
        on
            nodes.tenant_code = parties.tenant_code
            and nodes.party_code = parties.party_code

)

select * from final
