-- Every physical movement: declared ones under the AWB they travelled on, and blind ones. One row per
-- consignment.
with

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

undeclared as (

    select distinct
        consignment_key,
        tenant_code,
        transporter_code,
        awb_no
    from {{ ref('int_consignments__undeclared') }}

),

folded as (

    select * from {{ ref('int_consignments__folded') }}

),

summed as (

    select
        consignment_key,
        tenant_code,
        min(transporter_code) as transporter_code,
        min(awb_no) as awb_no,
        case when count(distinct platform_code) = 1 then min(platform_code) end as platform_code,
        case when count(*) = 1 then min(rtv_no) end as rtv_no,
        min(origin_node) as origin_node,
        min(destination_node) as destination_node,
        count(*)::bigint as rtv_count,
        sum(declared_qty)::bigint as declared_qty,
        case when bool_and(declared_cartons is not null) then sum(declared_cartons)::bigint end
            as declared_cartons,
        case when bool_and(declared_weight_kg is not null) then sum(declared_weight_kg) end
            as declared_weight_kg,
        bool_and(is_carton_named) as is_carton_named,
        min(first_created_at) as first_created_at
    from consignment_rtvs
    group by consignment_key, tenant_code

),

travelled as (

    select
        folded.consignment_key,
        folded.match_method,
        undeclared.transporter_code,
        undeclared.awb_no,
        row_number() over (partition by folded.consignment_key order by undeclared.awb_no) as awb_rank
    from folded
    inner join undeclared
        on folded.undeclared_consignment_key = undeclared.consignment_key

),

declared as (

    select
        summed.consignment_key,
        summed.tenant_code,
        coalesce(travelled.transporter_code, summed.transporter_code) as transporter_code,
        case
            when travelled.match_method = 'fit' then travelled.awb_no
            else coalesce(summed.awb_no, travelled.awb_no)
        end as awb_no,
        summed.platform_code,
        summed.rtv_no,
        summed.origin_node,
        summed.destination_node,
        summed.rtv_count,
        summed.declared_qty,
        summed.declared_cartons,
        summed.declared_weight_kg,
        summed.is_carton_named,
        summed.first_created_at
    from summed
    left join travelled
        on
            summed.consignment_key = travelled.consignment_key
            and travelled.awb_rank = 1

),

blind as (

    select
        undeclared.consignment_key,
        undeclared.tenant_code,
        undeclared.transporter_code,
        undeclared.awb_no,
        null::text as platform_code,
        null::text as rtv_no,
        null::text as origin_node,
        null::text as destination_node,
        0::bigint as rtv_count,
        0::bigint as declared_qty,
        null::bigint as declared_cartons,
        null::numeric as declared_weight_kg,
        false as is_carton_named,
        null::timestamptz as first_created_at
    from undeclared
    left join folded
        on undeclared.consignment_key = folded.undeclared_consignment_key
    where folded.undeclared_consignment_key is null

),

final as (

    select * from declared
    union all
    select * from blind

)

select * from final
