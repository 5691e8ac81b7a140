-- Receipts and captures whose scanned RTV number or box ID names an RTV (step 1, ruling 16). One row per
-- receipt or capture so named.
with

named as (

    select * from {{ ref('int_sightings__named') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

weighed as (

    select
        named.*,
        consignment_rtvs.rtv_key is not null as is_on_awb,
        count(*) over (partition by named.sighting_key) as candidate_count,
        sum(case when consignment_rtvs.rtv_key is not null then 1 else 0 end)
            over (partition by named.sighting_key) as on_awb_count,
        sum(case when named.destination_node = named.node_code then 1 else 0 end)
            over (partition by named.sighting_key) as destined_count
    from named
    left join consignment_rtvs
        on
            named.declared_consignment_key = consignment_rtvs.consignment_key
            and named.rtv_key = consignment_rtvs.rtv_key

),

chosen as (

    select *
    from weighed
    where
        (
            candidate_count = 1
            or (is_on_awb and on_awb_count = 1)
            or (on_awb_count = 0 and destined_count = 1 and destination_node = node_code)
        )
        -- A box ID does not overrule an AWB that was found: box numbers repeat, AWBs do not.
        and (named_by = 'rtv_no' or is_on_awb or declared_consignment_key is null)

),

own_consignments as (

    select
        rtv_key,
        min(consignment_key) as consignment_key,
        bool_or(awb_no is not null) as is_awb_declared
    from consignment_rtvs
    group by rtv_key

),

final as (

    select
        chosen.sighting_key,
        chosen.rtv_key,
        chosen.named_by,
        case
            when chosen.is_on_awb then chosen.declared_consignment_key
            else own_consignments.consignment_key
        end as consignment_key,
        not chosen.is_on_awb
        and (chosen.declared_consignment_key is not null or own_consignments.is_awb_declared)
            as is_contradicted
    from chosen
    inner join own_consignments
        on chosen.rtv_key = own_consignments.rtv_key

)

select * from final
