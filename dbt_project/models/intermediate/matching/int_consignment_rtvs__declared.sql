-- Which RTVs a consignment carries, as declared, duplicates left out (ruling 3). One row per consignment
-- and RTV.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

final as (

    select
        manifest_lines.consignment_key,
        manifest_lines.rtv_key,
        manifest_lines.tenant_code,
        manifest_lines.platform_code,
        manifest_lines.rtv_no,
        manifest_lines.transporter_code,
        manifest_lines.awb_no,
        manifest_lines.origin_node,
        manifest_lines.destination_node,
        rtvs.first_created_at,
        sum(manifest_lines.qty)::bigint as declared_qty,
        coalesce(
            max(manifest_lines.declared_cartons),
            nullif(count(distinct manifest_lines.carton_no), 0)
        )::bigint as declared_cartons,
        max(manifest_lines.declared_weight_kg) as declared_weight_kg,
        bool_and(manifest_lines.carton_no is not null) as is_carton_named
    from manifest_lines
    inner join rtvs
        on manifest_lines.rtv_key = rtvs.rtv_key
    where not rtvs.is_duplicate
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10

)

select * from final
